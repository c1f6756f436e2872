#!/bin/sh
# Runs in namespaces of its own, as process 1 of them: makes a root of its own and becomes systemd in it.
# BOX: an empty folder; READY: files that lie in the new root; PREFIX, SITE: our Python, and its packages.
# Whatever is written stays in memory and goes with the last process. PREFIX is seen at /opt/python, because
# a unit sees no home, and there a Python of one's own may live.
set -eu
BOX=$1 READY=$2 PREFIX=$3 SITE=$4 VENV=$5

mount --make-rprivate /
mount -t tmpfs -o mode=755 box "$BOX"
root=$BOX/root
mkdir "$root" "$BOX/upper" "$BOX/work" "$BOX/site" "$BOX/site-work"
mount -t overlay -o "lowerdir=/,upperdir=$BOX/upper,workdir=$BOX/work" root "$root"

mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty; do
    : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"

# No unit of the machine around it is started: its own ones are hidden, and these touch the kernel.
mount -t tmpfs -o mode=755 units "$root/etc/systemd/system"
for unit in sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount dev-hugepages.mount \
    systemd-journald-audit.socket systemd-modules-load.service systemd-udevd.service; do
    ln -s /dev/null "$root/etc/systemd/system/$unit"
done

mkdir -p "$root/opt/python"
cp -a "$READY/." "$root/"
mount --bind "$PREFIX" "$root/opt/python"
mount -t overlay -o "lowerdir=$SITE,upperdir=$BOX/site,workdir=$BOX/site-work" site "$root$VENV"
rm -f "$root$VENV"/__editable__*interoffice*
echo /opt/interoffice > "$root$VENV/interoffice.pth"
echo /opt/python/lib > "$root/etc/ld.so.conf.d/000-python.conf"
ip link set lo up

cd "$root"
mkdir -p mnt/before
pivot_root . mnt/before
umount -l /mnt/before
ldconfig
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_GENERATOR_PATH=/nonexistent \
    /lib/systemd/systemd --system --unit=multi-user.target --show-status=no
