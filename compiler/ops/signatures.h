// The signatures, one per file of this folder. A new directive is a file, a line here and one in
// ops.cc.
#pragma once

#include "compiler/ops/ops.h"

namespace retort {

extern const OpSignature kAddColumn;
extern const OpSignature kAlterColumn;
extern const OpSignature kBulkInsert;
extern const OpSignature kCreateCheckConstraint;
extern const OpSignature kCreateExcludeConstraint;
extern const OpSignature kCreateForeignKey;
extern const OpSignature kCreateIndex;
extern const OpSignature kCreatePrimaryKey;
extern const OpSignature kCreateTable;
extern const OpSignature kCreateTableComment;
extern const OpSignature kCreateUniqueConstraint;
extern const OpSignature kDropColumn;
extern const OpSignature kDropConstraint;
extern const OpSignature kDropIndex;
extern const OpSignature kDropTable;
extern const OpSignature kDropTableComment;
extern const OpSignature kRenameTable;

}  // namespace retort
