#!/bin/sh
# One of inetd's own services on an address of our choice:
#
#     sh inetd.sh SERVICE stream|dgram IP PORT        # SERVICE: echo, daytime
#
# inetd takes its own services by name, and has the port from /etc/services: 7 for echo. So it is given an
# /etc/services of its own, in a mount namespace of its own (`man 7 mount_namespaces`), which an ordinary
# user may make as well. All of it is in memory, and is gone when inetd is.
set -eu
PATH=$PATH:/usr/sbin:/sbin

if [ "$1" != inside ]; then
  exec unshare --user --map-root-user --mount sh "$0" inside "$@"
fi

service=$2 type=$3 ip=$4 port=$5
case $type in
  stream) protocol=tcp ;;
  dgram) protocol=udp ;;
esac
case $ip in
  *:*) family=6only ;;
  *) family=4 ;;
esac

mount -t tmpfs inetd /mnt
echo "$service $port/$protocol" >/mnt/services
echo "$ip:$service $type $protocol$family nowait root internal" >/mnt/inetd.conf
mount --bind /mnt/services /etc/services

# In the foreground (-d), without a file for its pid (-p), as often a minute as anybody calls (-R).
exec inetutils-inetd -d -p -R 1000000 /mnt/inetd.conf
