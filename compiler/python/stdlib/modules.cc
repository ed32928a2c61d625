#include "compiler/python/stdlib/modules.h"

namespace retort::py {

std::unique_ptr<NativeModule> standard_module(std::string_view dotted) {
  static constexpr const TableModule::Content* kModules[] = {
      &kEnumModule,      &kJsonModule,        &kTextwrapModule,    &kDatetimeModule, &kUuidModule,
      &kItertoolsModule, &kFunctoolsModule,   &kCollectionsModule, &kOperatorModule, &kStringModule,
      &kTypingModule,    &kDataclassesModule, &kContextlibModule,  &kOsModule,       &kOsPathModule,
      &kTimeModule,      &kRandomModule,      &kMathModule,        &kCopyModule,     &kAbcModule,
      &kReModule,        &kDecimalModule,     &kPathlibModule,     &kSysModule, &kSecretsModule, &kHashlibModule, &kBase64Module, &kBinasciiModule, &kZlibModule, &kHtmlModule, &kUrlModule, &kTypesModule, &kPprintModule, &kImportlibModule,
  };
  if (dotted == "typing_extensions" || dotted == "collections.abc")
    dotted = "typing";
  if (dotted == "posixpath")
    dotted = "os.path";
  for (const TableModule::Content* const content : kModules)
    if (content->name == dotted)
      return std::make_unique<TableModule>(*content);
  return nullptr;
}

}  // namespace retort::py
