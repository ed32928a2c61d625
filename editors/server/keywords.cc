#include "editors/server/keywords.h"

#include "common/text.h"
#include "common/word_set.h"

namespace retort::lsp {
namespace {

constexpr WordSet kKeywords(
    "abort add after all alter always analyze and any array as asc asymmetric at attach "
    "authorization before begin between both by cache called cascade case cast check "
    "checkpoint close cluster collate column columns comment commit concurrently "
    "configuration conflict constraint constraints copy create cross cube current "
    "current_date current_role current_time current_timestamp current_user cursor cycle data "
    "database deallocate declare default defaults deferrable deferred definer delete "
    "delimiter depends desc detach discard distinct do domain drop each else enable end enum "
    "escape event except exclude excluding exclusive execute exists explain expression "
    "extension external extract false family fetch filter finalize first following for force "
    "foreign from full function functions generated global grant group grouping handler "
    "having identity if ilike immediate immutable import in include including increment "
    "index indexes inherit inherits initially inner inout input insert instead intersect "
    "into invoker is isnull isolation join key label language large last lateral leading "
    "leakproof left level like limit listen load local lock locked logged mapping match "
    "materialized maxvalue merge method minvalue mode move natural new next no none not "
    "nothing notify notnull nowait null nulls of off offset oids old on only operator option "
    "options or order ordinality others out outer over overlaps overriding owned owner "
    "parallel parser partial partition passing password placing plans policy preceding "
    "prepare prepared preserve primary prior privileges procedural procedure procedures "
    "program publication range read reassign recursive ref references referencing refresh "
    "reindex release rename repeatable replace replica reset restart restrict return "
    "returning returns revoke right role rollback rollup routine row rows rule savepoint "
    "schema schemas scroll search security select sequence sequences serializable server "
    "session session_user set setof sets share show similar simple skip snapshot some sql "
    "stable standalone start statement statistics stdin stdout storage stored strict strip "
    "subscription support symmetric system table tables tablesample tablespace temp template "
    "temporary then ties to trailing transaction transform treat trigger trim true truncate "
    "trusted type types unbounded uncommitted union unique unknown unlisten unlogged until "
    "update user using vacuum valid validate validator value values variadic verbose version "
    "view views volatile when where while window with within without work wrapper write xml "
    "yes zone ");

constexpr WordSet
    kTypes("bigint bigserial bit bool boolean box bytea char character cidr circle citext date "
           "daterange dec decimal double float float4 float8 hstore inet int int2 int4 int4range "
           "int8 int8range integer interval json jsonb line lseg ltree macaddr macaddr8 money name "
           "numeric numrange oid path point polygon precision real regclass serial serial2 serial4 "
           "serial8 smallint smallserial text time timestamp timestamptz timetz tsquery tsrange "
           "tstzrange tsvector txid_snapshot uuid varbit varchar varying ");

}  // namespace

bool is_sql_keyword(std::string_view word) { return kKeywords.contains(lower(word)); }
bool is_sql_type(std::string_view word) { return kTypes.contains(lower(word)); }

}  // namespace retort::lsp
