#!/bin/bash
# disks.sh TYPE SIZE PROGRAM COMMAND [ROUNDS]
#
# For disks.bats, inside a private copy of the machine: make a file system of
# this type and size, mount it, and run PROGRAM COMMAND there (disk.c).
set -eu
type=$1 size=$2 program=$3 command=$4 rounds=${5:-}
dir=/tmp/fs
mkdir "$dir"
if [ "$type" = tmpfs ]; then
	mount -t tmpfs -o "mode=755,size=$size" fs "$dir"
	exec "$program" "$command" "$dir"
fi
truncate -s "$size" /tmp/image
case $type in
ext4) mkfs.ext4 -q -m 0 /tmp/image ;;
xfs) mkfs.xfs -q /tmp/image ;;
btrfs) mkfs.btrfs -q --mixed /tmp/image >/dev/null ;;
esac
device=$(losetup -f --show /tmp/image)
# Given back when the last of us is gone, however we end.
exec 9<"$device"
losetup -d "$device"
mount -t "$type" "$device" "$dir"
if [ -n "$rounds" ]; then
	exec "$program" "$command" "$dir" "$device" "$type" "$rounds"
fi
exec "$program" "$command" "$dir"
