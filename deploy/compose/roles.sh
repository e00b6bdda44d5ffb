#!/bin/sh
# Gives MLflow its roles and databases, with the passwords that are in the secrets now. Run at every start, so that new
# secrets are taken over. Passwords are in no argument, and Postgres does not log a statement that fails.
set -eu
umask 077
export PGPASSFILE=/tmp/pgpass
printf 'postgres:5432:*:postgres:%s\n' "$(cat /run/secrets/postgres_password)" > "$PGPASSFILE"
for role in mlflow_database:mlflow mlflow_accounts:mlflow_accounts; do
  psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host postgres --username postgres --dbname postgres \
    --set role="${role#*:}" <<SQL
\set password \`cat /run/secrets/${role%:*}_password\`
SET log_min_error_statement = 'panic';
SELECT format('CREATE ROLE %I LOGIN', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'role')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
