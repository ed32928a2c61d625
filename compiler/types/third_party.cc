// Types of other libraries, by table of names. What a library computes on the Python side is left
// out; only what reaches DDL counts. Checked against sqlalchemy-utils 0.42 and GeoAlchemy2 0.14.
#include "compiler/types/tables.h"

#include "common/text.h"

namespace retort {
namespace {

constexpr char kMaxLength[] = "max_length";
constexpr char kLength[] = "length";
constexpr char kDim[] = "dim";
constexpr char kVarchar[] = "VARCHAR";
constexpr char kVector[] = "VECTOR";
constexpr char kHalfvec[] = "HALFVEC";
constexpr char kSparsevec[] = "SPARSEVEC";
constexpr char kBit[] = "BIT";
constexpr char kGeometry[] = "geometry";
constexpr char kGeography[] = "geography";

// `WORD(n)`, where n is the named argument or, without it, kDefault; 0 stands for none.
template <const char* kWord, const char* kParameter, int kDefault = 0>
Answer<> sized(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> size = TRY(arguments.integer(kParameter));
  const std::string n = size ? *size : std::to_string(kDefault);
  type.sql = n == "0" ? kWord : std::string(kWord) + "(" + n + ")";
  return Nothing();
}

Answer<> choice(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  type.sql = "VARCHAR(255)";
  if (const Datum* impl = arguments.find("impl"))
    type = TRY(describe_argument(*impl, context));
  return Nothing();
}

Answer<> uuid_type(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const bool binary = arguments.flag("binary", true);
  type.sql = binary ? "BINARY(16)" : "CHAR(32)";
  if (arguments.flag("native", true))
    type.sql = "UUID";
  return Nothing();
}

Answer<> composite(const TypeArguments& arguments, const TypeContext&, Type& type) {
  type.sql = TRY(arguments.text("name")).value_or("");
  return Nothing();
}

// geometry(POINT,4326): no blank, the subtype in capitals.
template <const char* kWord>
Answer<> spatial(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::string word = TRY(arguments.text("name")).value_or(kWord);
  std::string shape = TRY(arguments.text("geometry_type")).value_or("");
  if (!arguments.given("geometry_type"))
    shape = "GEOMETRY";
  for (char& c : shape)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  const Datum* given = arguments.find("srid");
  const auto* text = given ? given->as<std::string>() : nullptr;
  const std::string srid = text ? *text : TRY(arguments.integer("srid")).value_or("-1");
  type.sql = shape.empty() ? word : word + "(" + shape + "," + srid + ")";
  return Nothing();
}

constexpr std::string_view kSpatial =
    "geometry_type='GEOMETRY', srid=-1, dimension=None, spatial_index=True, use_N_D_index=False, "
    "use_typmod=None, from_text=None, name=None, nullable=True, _spatial_index_reflected=None, "
    "management=False";
constexpr std::string_view kAny = "*args, **kwargs";
constexpr std::string_view kZoned = "TIMESTAMP WITH TIME ZONE";
constexpr std::string_view kUnzoned = "TIMESTAMP WITHOUT TIME ZONE";

// clang-format off
constexpr TypeRow kUtils[] = {
  {"ArrowType", kAny, Family::datetime, kUnzoned},
  {"ChoiceType", "choices, impl=None", Family::text, {}, choice},
  {"ColorType", "max_length=20, *args, **kwargs", Family::text, {}, sized<kVarchar, kMaxLength, 20>},
  {"CompositeType", "name, columns, quote=None, **kwargs", Family::other, {}, composite},
  {"CountryType", kAny, Family::text, "VARCHAR(2)"},
  {"CurrencyType", kAny, Family::text, "VARCHAR(3)"},
  {"DateRangeType", kAny, Family::other, "DATERANGE"},
  {"DateTimeRangeType", kAny, Family::other, "TSRANGE"},
  {"EmailType", "length=255, *args, **kwargs", Family::text, {}, sized<kVarchar, kLength, 255>},
  {"EncryptedType", kAny, Family::binary, "BYTEA"},
  {"EnrichedDateTimeType", kAny, Family::datetime, kUnzoned},
  {"EnrichedDateType", kAny, Family::date, "DATE"},
  {"IPAddressType", "max_length=50, *args, **kwargs", Family::text, {}, sized<kVarchar, kMaxLength, 50>},
  {"Int8RangeType", kAny, Family::other, "INT8RANGE"},
  {"IntRangeType", kAny, Family::other, "INT4RANGE"},
  {"JSONType", kAny, Family::json, "JSON"},
  {"LQUERY", kAny, Family::other, "LQUERY"},
  {"LTXTQUERY", kAny, Family::other, "LTXTQUERY"},
  {"LocaleType", "", Family::text, "VARCHAR(10)"},
  {"LtreeType", kAny, Family::other, "LTREE"},
  {"NumericRangeType", kAny, Family::other, "NUMRANGE"},
  {"PasswordType", "max_length=None, **kwargs", Family::binary, "BYTEA"},
  {"PhoneNumberType", "region='US', max_length=20, *args, **kwargs", Family::text, {}, sized<kVarchar, kMaxLength, 20>},
  {"ScalarListType", "coerce_func=str, separator=','", Family::text, "TEXT"},
  {"StringEncryptedType", "type_in=None, key=None, engine=None, padding=None, length=None, **kwargs", Family::text, {}, sized<kVarchar, kLength>},
  {"TSVectorType", kAny, Family::other, "TSVECTOR"},
  {"TimezoneType", "backend='dateutil'", Family::text, "VARCHAR(50)"},
  {"URLType", kAny, Family::text, "TEXT"},
  {"UUIDType", "binary=True, native=True", Family::uuid, {}, uuid_type},
  {"WeekDaysType", kAny, Family::other, "BIT(7)"},
};
constexpr TypeRow kGeoalchemy[] = {
  {"Geometry", kSpatial, Family::other, {}, spatial<kGeometry>},
  {"Geography", kSpatial, Family::other, {}, spatial<kGeography>},
  {"Raster", "spatial_index=True, from_text=None, name=None, nullable=True", Family::other, "raster"},
};
constexpr TypeRow kPgvector[] = {
  {"Vector", "dim=None", Family::other, {}, sized<kVector, kDim>},
  {"VECTOR", "dim=None", Family::other, {}, sized<kVector, kDim>},
  {"HALFVEC", "dim=None", Family::other, {}, sized<kHalfvec, kDim>},
  {"SPARSEVEC", "dim=None", Family::other, {}, sized<kSparsevec, kDim>},
  {"BIT", "length=None", Family::other, {}, sized<kBit, kLength>},
};
constexpr TypeRow kCitextRows[] = {
  {"CIText", kAny, Family::text, "CITEXT"},
};
constexpr TypeRow kSqlmodel[] = {
  {"AutoString", "length=None, *args, **kwargs", Family::text, {}, sized<kVarchar, kLength>},
  {"GUID", kAny, Family::uuid, "UUID"},
};
constexpr TypeRow kFastapiUsers[] = {
  {"GUID", kAny, Family::uuid, "UUID"},
  {"TIMESTAMPAware", "timezone=True", Family::datetime, kZoned},
};
constexpr TypeRow kAdvancedAlchemy[] = {
  {"GUID", kAny, Family::uuid, "UUID"},
  {"DateTimeUTC", kAny, Family::datetime, kZoned},
  {"JsonB", kAny, Family::json, "JSONB"},
};
constexpr TypeRow kSqlalchemyUtc[] = {
  {"UtcDateTime", kAny, Family::datetime, kZoned},
};
constexpr TypeRow kSqlalchemyJson[] = {
  {"MutableJson", kAny, Family::json, "JSON"},
  {"NestedMutableJson", kAny, Family::json, "JSON"},
};
constexpr TypeLibrary kLibraries[] = {
  {"sqlalchemy_utils", kUtils},
  {"geoalchemy2", kGeoalchemy},
  {"pgvector", kPgvector},
  {"citext", kCitextRows},
  {"sqlmodel", kSqlmodel},
  {"fastapi_users_db_sqlalchemy", kFastapiUsers},
  {"fastapi_users", kFastapiUsers},
  {"advanced_alchemy", kAdvancedAlchemy},
  {"sqlalchemy_utc", kSqlalchemyUtc},
  {"sqlalchemy_json", kSqlalchemyJson},
};
// clang-format on

}  // namespace

std::span<const TypeLibrary> third_party_types() { return kLibraries; }

}  // namespace retort
