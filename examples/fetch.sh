#!/usr/bin/env bash
# Fetches a WorkOS environment without this program: bash, curl and jq do. Each page of each list becomes a file, with
# the name that the command `bundle` reads.
#
#   WORKOS_API_KEY=sk_live_.. examples/fetch.sh [--quick] [FOLDER]
#
# FOLDER is pages-<date> by default. A run that was interrupted goes on where it stopped: give the same FOLDER again.
# --quick leaves out second factors and social sign-ins, which take two requests for each user.
set -euo pipefail
umask 077 # the pages hold personal data

fail() {
  echo "error: $*" >&2
  exit 1
}

quick=no
if [ "${1:-}" = --quick ]; then
  quick=yes
  shift
fi
folder=${1:-pages-$(date -u +%Y-%m-%d)}
api=${WORKOS_API:-https://api.workos.com}
# Not passed on: the key is in no argument and in no environment of another process.
key=${WORKOS_API_KEY:-}
unset WORKOS_API_KEY

for tool in curl jq; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
[ -n "$key" ] || fail 'WORKOS_API_KEY is not set: WorkOS dashboard, API keys'
[[ $key =~ ^sk_[A-Za-z0-9_-]+$ ]] || fail 'WORKOS_API_KEY is not an API key of WorkOS, which begins with sk_'

# ask PATH FILE: the status of the answer, at its end 000 where there is none or half of one. The body is in FILE.
ask() {
  curl --config <(printf 'header = "Authorization: Bearer %s"\n' "$key") --silent --globoff --max-time 120 \
    --dump-header "$folder/headers.part" --output "$2" --write-out '%{http_code}' -- "$api$1" || echo ' 000'
}

# pause TRY: as long as the answer asks for, else a second, two, four, a minute at most.
pause() {
  local seconds=$((2 ** ($1 - 1)))
  [ "$seconds" -le 60 ] || seconds=60
  local asked
  asked=$(tr -d '\r' <"$folder/headers.part" 2>/dev/null | sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9][0-9]*\)$/\1/p' | tail -n 1)
  sleep "${asked:-$seconds}"
}

# get NAME PATH: one answer into NAME.json, unless an earlier run has it.
get() {
  local file=$folder/$1.json part=$folder/answer.part try status
  [ ! -s "$file" ] || return 0
  for try in 1 2 3 4 5 6 7 8; do
    rm -f "$part" "$folder/headers.part"
    status=$(ask "$2" "$part")
    case ${status: -3} in
      # A broken connection leaves half an answer under a good status.
      200) if jq empty "$part" 2>/dev/null; then
        mv "$part" "$file"
        return 0
      fi ;;
      401) fail 'WorkOS does not know the API key (401)' ;;
      403) fail "the API key may not read $2 (403)" ;;
      # Deleted since the list was read that names it: nothing belongs to it any more.
      404) if [[ $1 == *.*.* ]]; then
        echo "note: $1: gone meanwhile (404)" >&2
        echo '{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}' >"$file"
        return 0
      fi
        fail "$2 is not there (404)" ;;
      000 | 408 | 429 | 5??) ;;
      *) fail "$2 was answered with $status" ;;
    esac
    [ "$try" = 8 ] || pause "$try"
  done
  fail "$2 was answered with $status eight times; run this again to go on: $0 $folder"
}

# all NAME PATH: every page of a list, as NAME.1.json, NAME.2.json and so on.
all() {
  local page=1 after='' before
  while :; do
    get "$1.$page" "$2order=asc&limit=100${after:+&after=$after}"
    before=$after
    after=$(jq --raw-output '.list_metadata.after? // empty' "$folder/$1.$page.json")
    [ -n "$after" ] || break
    [ "$after" != "$before" ] || fail "$1: page $page leads to itself; try again later"
    page=$((page + 1))
  done
}

# ids NAME: the ids in a list that was fetched.
ids() {
  local id
  jq --raw-output '.data[].id' "$folder/$1".*.json | while read -r id; do
    [[ $id =~ ^[A-Za-z0-9_-]+$ ]] || fail "$1: an id that is no name of a file"
    echo "$id"
  done
}

if [ -e "$folder" ] && [ ! -e "$folder/unfinished" ]; then
  fail "$folder is there and finished; name another folder"
fi
mkdir -p "$folder"
touch "$folder/unfinished"

# The key is tried before an hour of reading: each kind of list once.
for list in /user_management/users /organizations /connections /directories; do
  rm -f "$folder/probe.part"
  status=$(ask "$list?order=asc&limit=1" "$folder/probe.part")
  case $status in
    401) fail 'WorkOS does not know the API key (401)' ;;
    403) fail "the API key may not read $list (403)" ;;
  esac
done

all users '/user_management/users?'
all organizations '/organizations?'
all connections '/connections?'
all directories '/directories?'
# No page says which statuses were asked for, so a file beside the pages does.
statuses=active,inactive,pending
echo "$statuses" >"$folder/organization_memberships.statuses"
organizations=$(ids organizations)
for id in $organizations; do
  all "organization_memberships.$id" \
    "/user_management/organization_memberships?organization_id=$id&statuses=$statuses&"
done
if [ "$quick" = no ]; then
  users=$(ids users)
  for id in $users; do
    all "auth_factors.$id" "/user_management/users/$id/auth_factors?"
    get "identities.$id.1" "/user_management/users/$id/identities"
  done
fi

rm -f "$folder"/*.part "$folder/unfinished"
echo "fetched into $folder; now: workos-to-authio bundle $folder > workos.json" >&2
