#!/usr/bin/env bash
# Runs a PostgreSQL and a RabbitMQ for ./bench.sh --http on this machine until it is ended (Ctrl-C): benchmarks/servers.sh FOLDER
# Writes the files store and queues into FOLDER, for --store and --queue-file. Both servers come from Debian (postgresql, rabbitmq-server) and keep fsync.
# They do not touch the system's own servers.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/setup.sh"
answer_help "$@"
folder=$(readlink -m "${1:?servers.sh takes a folder}")
postgres=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | head -n 1) || fail "there is no PostgreSQL: apt-get install -y postgresql"
rabbit=/usr/lib/rabbitmq/bin/rabbitmq-server
[[ -x $rabbit ]] || fail "there is no RabbitMQ: apt-get install -y rabbitmq-server"
program="$artifacts/bin/Enclave.Cli/$configuration/Enclave.Cli"
[[ -x $program ]] || fail "build first: ./enclave --version"
[[ ! -e $folder ]] || fail "$folder is there already"
mkdir -p "$folder"

# PostgreSQL refuses to run as root.
as=()
if [[ $(id -u) == 0 ]]; then
  chown postgres "$folder"
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
bin=$(dirname "$postgres")
"${as[@]}" "$bin/initdb" -D "$folder/postgres" -U postgres -A trust -E UTF8 --locale=C >"$folder/initdb.log"
"${as[@]}" "$postgres" -D "$folder/postgres" -k "$folder" -c listen_addresses= -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=4GB \
  >"$folder/postgres.log" 2>&1 &
children=($!)
trap 'kill "${children[@]}" 2>/dev/null; wait' EXIT
waits_for() {
  local what=$1 i
  shift
  for ((i = 0; i < 300; i++)); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
  fail "$what did not start: $folder/*.log"
}
waits_for PostgreSQL "$bin/pg_isready" -h "$folder" -U postgres
"$bin/psql" -q -h "$folder" -U postgres -c 'CREATE ROLE enclave_owner LOGIN' -c 'CREATE ROLE enclave_broker LOGIN' \
  -c 'CREATE DATABASE enclave OWNER enclave_owner'
echo "Host=$folder;Database=enclave;Username=enclave_owner" >"$folder/store-owner"
echo "Host=$folder;Database=enclave;Username=enclave_broker" >"$folder/store"

port=${RABBIT_PORT:-25680}
cat >"$folder/rabbit.conf" <<TEXT
listeners.tcp.1 = 127.0.0.1:$port
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $((port + 1))
management_agent.disable_metrics_collector = true
default_vhost = enclave
default_user = enclave
default_pass = enclave
loopback_users.enclave = true
log.console = true
log.console.level = error
max_message_size = 16777216
TEXT
echo '[rabbitmq_prometheus].' >"$folder/plugins"
echo "amqp://enclave:enclave@127.0.0.1:$port/enclave" >"$folder/queues"
export HOME="$folder" ERL_EPMD_PORT=$((port + 2)) ERL_EPMD_ADDRESS=127.0.0.1
(umask 077 && head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/.erlang.cookie")
epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >"$folder/epmd.log" 2>&1 &
children+=($!)
# Otherwise idle threads of Erlang spin on the measured cores.
RABBITMQ_NODENAME="bench$port@localhost" RABBITMQ_DIST_PORT=$((port + 3)) RABBITMQ_MNESIA_BASE="$folder/rabbit" RABBITMQ_LOG_BASE="$folder" RABBITMQ_LOGS=- \
  RABBITMQ_CONFIG_FILE="$folder/rabbit.conf" RABBITMQ_CONF_ENV_FILE="$folder/none" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" \
  RABBITMQ_PID_FILE="$folder/rabbit.pid" RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none" "$rabbit" \
  >"$folder/rabbit.log" 2>&1 &
children+=($!)
figures="http://127.0.0.1:$((port + 1))/metrics"
waits_for RabbitMQ curl -sf "$figures"

"$program" migrate --store-file "$folder/store" --store-owner-file "$folder/store-owner" >"$folder/migrate.log"
printf './bench.sh --http --store %s --queue-file %s --queue-figures %s\n' "$folder/store" "$folder/queues" "$figures"
wait
