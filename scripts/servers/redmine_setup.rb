# What `rails runner` does in our own Redmine: the default configuration, then all that table.yaml lists.
# It adds what is missing and leaves what is there; keys and passwords once made stay. What a client has to know
# is written to the file named in SERVERS_ANSWER, which only its owner may read. Nothing is printed.
require 'json'
require 'securerandom'
require 'yaml'

table = YAML.safe_load(File.read(ENV.fetch('SERVERS_TABLE')))
answer_file = ENV.fetch('SERVERS_ANSWER')
passwords = File.exist?(answer_file) ? JSON.parse(File.read(answer_file)).fetch('passwords', {}) : {}

Redmine::DefaultData::Loader.load('en') if Redmine::DefaultData::Loader.no_data?
table['redmine_settings'].each { |name, value| Setting[name] = value }

first_status = IssueStatus.sorted.first
trackers = table['kinds'].map do |name|
  Tracker.find_by(name: name) || Tracker.create!(name: name, default_status: first_status)
end

roles = table['roles'].to_h do |name, rights|
  role = Role.find_or_initialize_by(name: name)
  role.permissions = rights['redmine'].map(&:to_sym)
  role.issues_visibility = 'all'
  role.save!
  [name, role]
end

# Every one of our roles may go from every status to every other, with the trackers of ours.
statuses = IssueStatus.sorted.to_a
steps = roles.values.product(trackers).flat_map do |role, tracker|
  known = WorkflowTransition.where(role_id: role.id, tracker_id: tracker.id).pluck(:old_status_id, :new_status_id)
  ([0] + statuses.map(&:id)).product(statuses.map(&:id)).reject { |old, new| old == new || known.include?([old, new]) }.map do |old, new|
    {type: 'WorkflowTransition', role_id: role.id, tracker_id: tracker.id, old_status_id: old, new_status_id: new,
     author: false, assignee: false}
  end
end
WorkflowTransition.insert_all!(steps) unless steps.empty?

FORMATS = {'string' => 'string', 'text' => 'text', 'date' => 'date', 'number' => 'float', 'list' => 'list',
           'person' => 'user', 'choice' => 'enumeration'}.freeze
fields = lambda do |kind, rows|
  rows.to_h do |row|
    field = kind.find_or_initialize_by(name: row['label'])
    field.field_format = FORMATS.fetch(row['format']) if field.new_record?
    field.is_filter = true
    field.searchable = %w[string text].include?(row['format'])
    field.visible = true
    field.editable = true
    field.possible_values = row['values'] if row['values']
    if kind == IssueCustomField
      field.is_for_all = true
      field.trackers = Tracker.all.to_a
    end
    field.save!
    (row['choices'] || []).each { |name| field.enumerations.find_by(name: name) || field.enumerations.create!(name: name) }
    [row['key'], field.id]
  end
end
issue_fields = fields.call(IssueCustomField, table['item'] + table['item_in_redmine'])
project_fields = fields.call(ProjectCustomField, table['project'] + table['project_in_redmine'])
choices = CustomFieldEnumeration.all.to_h { |choice| [choice.name, choice.id] }

users = {'admin' => {'role' => nil}}.merge(table['users']).to_h do |login, person|
  user = User.find_by(login: login) || User.new(firstname: person['first'], lastname: person['last'],
                                                mail: "#{login}@harbor.invalid", language: 'en')
  user.login = login
  passwords[login] ||= SecureRandom.alphanumeric(24)
  unless user.persisted? && user.check_password?(passwords[login])
    user.password = user.password_confirmation = passwords[login]
  end
  user.must_change_passwd = false
  user.mail_notification = 'none'
  user.save!
  [login, {'id' => user.id, 'key' => user.api_key, 'password' => passwords[login], 'role' => person['role']}]
end

projects = table['redmine_projects'].to_h do |row|
  project = Project.find_by(identifier: row['identifier']) ||
            Project.create!(identifier: row['identifier'], name: row['name'], is_public: false,
                            trackers: trackers, enabled_module_names: ['issue_tracking'])
  users.each do |login, user|
    next if user['role'].nil? || Member.exists?(project_id: project.id, user_id: user['id'])
    Member.create!(project: project, principal: User.find(user['id']), roles: [roles.fetch(user['role'])])
  end
  [row['identifier'], project.id]
end

by_name = ->(rows) { rows.to_h { |row| [row.name, row.id] } }
answer = {
  'version' => Redmine::VERSION.to_s, 'users' => users, 'passwords' => passwords, 'projects' => projects,
  'issue_fields' => issue_fields, 'project_fields' => project_fields, 'choices' => choices, 'roles' => by_name.call(roles.values),
  'trackers' => by_name.call(Tracker.sorted), 'kinds' => by_name.call(trackers),
  'statuses' => by_name.call(statuses), 'closed_statuses' => statuses.select(&:is_closed).map(&:id),
  'priorities' => by_name.call(IssuePriority.active)
}
File.open("#{answer_file}.new", 'w', 0o600) { |file| file.write(JSON.pretty_generate(answer)) }
File.rename("#{answer_file}.new", answer_file)
