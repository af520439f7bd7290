#!/bin/sh
# make-certificates.sh: the certificates of chain.conf, with openssl alone. In the folder DIR (default: the current one):
#
#   make-certificates.sh ca                      ca.pem, ca.key: keep the key off line; it is needed for new certificates only
#   make-certificates.sh broker HOST...          broker.pem, broker.key for these names and addresses
#   make-certificates.sh client NAME...          NAME.pem, NAME.key for each: a store's id, or aisle-hq
#
# DAYS (default 365; for the CA 3650) is how long they last; what is there is replaced at once, as a rename, so that a
# running agent or broker never reads half a file. Agents read theirs again at each connect, mosquitto after SIGHUP.
# A new CA: make it elsewhere, append its ca.pem to every ca.pem, replace the certificates one by one, then take the old
# one out.
set -eu
umask 077
cd "${DIR:-.}"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# certificate NAME SUBJECT EXTENSIONS: signed by the CA, with a new key.
certificate() {
    key "$1.key.new"
    openssl req -new -key "$1.key.new" -subj "/CN=$2" -out "$1.csr"
    printf '%s\n' "basicConstraints=CA:FALSE" "keyUsage=digitalSignature" "$3" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "${DAYS:-365}" -sha256 \
        -extfile "$1.ext" -out "$1.pem.new" 2> /dev/null
    rm "$1.csr" "$1.ext"
    mv "$1.key.new" "$1.key"
    mv "$1.pem.new" "$1.pem"
}

names() {
    list=
    for host; do
        case $host in
            *[!0-9.]*) kind=DNS ;;
            *) kind=IP ;;
        esac
        list="$list${list:+,}$kind:$host"
    done
    echo "$list"
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
    ca)
        key ca.key
        openssl req -x509 -new -key ca.key -subj "/CN=${NAME:-Aisle}" -days "${DAYS:-3650}" -sha256 \
            -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.pem
        ;;
    broker)
        [ $# -gt 0 ] || set -- localhost
        certificate broker "$1" "$(printf 'extendedKeyUsage=serverAuth\nsubjectAltName=%s' "$(names "$@")")"
        ;;
    client)
        for name; do certificate "$name" "$name" "extendedKeyUsage=clientAuth"; done
        ;;
    *)
        sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
        exit 64
        ;;
esac
