// The corners of the standard library that revisions use: one table each.
#pragma once

#include "compiler/python/natives.h"

namespace retort::py {

extern const TableModule::Content kEnumModule, kJsonModule, kTextwrapModule, kDatetimeModule,
    kUuidModule, kItertoolsModule, kFunctoolsModule, kCollectionsModule, kOperatorModule,
    kStringModule, kTypingModule, kDataclassesModule, kContextlibModule, kOsModule, kOsPathModule,
    kTimeModule, kRandomModule, kMathModule, kCopyModule, kAbcModule, kReModule, kDecimalModule,
    kPathlibModule, kSysModule, kSecretsModule, kHashlibModule, kBase64Module, kBinasciiModule,
    kZlibModule, kHtmlModule, kUrlModule, kTypesModule, kPprintModule, kImportlibModule;

}  // namespace retort::py
