// What `{ sql_type = "…" }` below [values] stands for.
#include "compiler/alembic/plugins/plugins.h"

namespace retort::alembic {

extern const Plugin kGivenTypes;
const Plugin kGivenTypes{.package = "retort_given_types",
                         .source = R"python(
from sqlalchemy.types import UserDefinedType


class Given(UserDefinedType):
    cache_ok = True

    def __init__(self, text):
        self.text = text

    def get_col_spec(self, **kw):
        return self.text
)python",
                         .operations = {}};

}  // namespace retort::alembic
