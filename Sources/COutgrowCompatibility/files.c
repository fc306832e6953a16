// A C compiler takes the bytes of a file as they are (C23's #embed). Swift's own way to embed a file writes a literal
// for each byte, and those are slow to compile.
#include "COutgrowCompatibility.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char conversions_sql[] = {
#embed "../Compatibility/SQL/conversions.sql"
};
static const unsigned char floats_sql[] = {
#embed "../Compatibility/SQL/floats.sql"
};
static const unsigned char comparison_sql[] = {
#embed "../Compatibility/SQL/comparison.sql"
};
static const unsigned char arithmetic_sql[] = {
#embed "../Compatibility/SQL/arithmetic.sql"
};
static const unsigned char text_sql[] = {
#embed "../Compatibility/SQL/text.sql"
};
static const unsigned char math_sql[] = {
#embed "../Compatibility/SQL/math.sql"
};
static const unsigned char printf_sql[] = {
#embed "../Compatibility/SQL/printf.sql"
};
static const unsigned char aggregates_sql[] = {
#embed "../Compatibility/SQL/aggregates.sql"
};
static const unsigned char dates_sql[] = {
#embed "../Compatibility/SQL/dates.sql"
};
static const unsigned char json_sql[] = {
#embed "../Compatibility/SQL/json.sql"
};

#define TEXT(name) {name, sizeof name}

static const COutgrowText files[] = {
    TEXT(conversions_sql), TEXT(floats_sql), TEXT(comparison_sql), TEXT(arithmetic_sql), TEXT(text_sql),
    TEXT(math_sql), TEXT(printf_sql), TEXT(aggregates_sql), TEXT(dates_sql), TEXT(json_sql),
};

COutgrowText outgrow_compatibility_file(size_t index) {
    return index < sizeof files / sizeof *files ? files[index] : (COutgrowText){NULL, 0};
}
