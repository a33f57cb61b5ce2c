# Has the Apache in $0 list the configuration that it goes by, with the variables and options that
# the distribution gives it. $1 is the module that can do so; it only reads.
# shellcheck shell=sh disable=SC1090,SC2086 # the host's own files; options are words

set -a
for file in /etc/apache2/envvars /etc/sysconfig/httpd; do
    [ ! -r "$file" ] || . "$file"
done
exec "$0" -C "LoadModule info_module $1" ${APACHE_ARGUMENTS:-} ${OPTIONS:-} -t -D DUMP_CONFIG
