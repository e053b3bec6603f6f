using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using UserCqrs.Application.Attributes;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Application.Attributes;

public sealed class AttributesSchemaTests
{
    private const string Usual = """
        {
          "type": "object",
          "properties": {
            "plan": { "enum": ["free", "pro"] },
            "address": {
              "type": "object",
              "properties": { "city": { "type": "string", "minLength": 1 }, "zip": { "pattern": "^[0-9]{5}$" } },
              "required": ["city", "zip"]
            },
            "tags": { "type": "array", "items": { "type": "string" }, "uniqueItems": true }
          },
          "required": ["plan"],
          "additionalProperties": false
        }
        """;

    [Fact]
    public void None_accepts_everything() => Assert.Empty(AttributesSchema.None.Check("""{"a":{"b":[1,2]}}"""));

    [Fact]
    public void Accepts_attributes_that_match() => Assert.Empty(AttributesSchema.Parse(Usual).Check(
        """{"plan":"pro","address":{"city":"Ulm","zip":"89073"},"tags":["a","b"]}"""));

    [Fact]
    public void Reports_all_errors_at_once_each_where_it_is() => Assert.Equal(
        [
            new Violation("attributes.schema", """Must be one of ["free","pro"].""", "/plan"),
            new Violation("attributes.schema", "Lacks the required 'zip'.", "/address"),
            new Violation("attributes.schema", "Must have at least 1 characters.", "/address/city"),
            new Violation("attributes.schema", "Must be of type string.", "/tags/1"),
            new Violation("attributes.schema", "This member is not allowed.", "/a~1b~0c"),
        ],
        AttributesSchema.Parse(Usual).Check("""{"plan":"x","address":{"city":""},"tags":["a",1],"a/b~c":1}"""));

    [Fact]
    public void Names_all_members_that_are_missing_at_the_object_that_lacks_them() => Assert.Equal(
        [
            new Violation("attributes.schema", "Lacks the required 'plan'."),
            new Violation("attributes.schema", "Lacks the required 'city', 'zip'.", "/address"),
        ],
        AttributesSchema.Parse(Usual).Check("""{"address":{}}"""));

    [Theory]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"required":["x"]}}}""", "Lacks the required 'x'.")]
    [InlineData("""{"allOf":[{"minProperties":3}],"unevaluatedProperties":false}""", "Must have at least 3 members.")]
    [InlineData("""{"not":{"type":"object"}}""", "Must not match the schema of not.")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["x"]},"else":{"required":["y"]}}""", "Lacks the required 'x'.")]
    [InlineData("""{"dependentRequired":{"a":["x"]}}""", "Lacks the required 'x'.")]
    [InlineData("""{"oneOf":[{},{}]}""", "Must match exactly one schema of oneOf.")]
    [InlineData("""{"anyOf":[{"required":["x"]},{"maxProperties":1}]}""", "Must match at least one schema of anyOf.")]
    [InlineData("""{"oneOf":[{"properties":{"b":{"type":"null"}}},false]}""", "Must match exactly one schema of oneOf.")]
    public void One_error_is_one_violation(string schema, string detail) => Assert.Equal(
        new Violation("attributes.schema", detail), Assert.Single(AttributesSchema.Parse(schema).Check("""{"a":1,"b":2}""")));

    [Fact]
    public void Reports_a_wrong_name_at_its_member() => Assert.Equal(
        new Violation("attributes.schema", """Has a name that breaks the schema's propertyNames {"maxLength":2}.""", "/abc"),
        Assert.Single(AttributesSchema.Parse("""{"propertyNames":{"maxLength":2}}""").Check("""{"abc":1,"a":1}""")));

    [Fact]
    public void Reports_at_most_100_violations()
    {
        var attributes = A(Items(500, _ => "1"));

        var violations = AttributesSchema.Parse("""{"properties":{"a":{"items":{"type":"string"}}}}""").Check(attributes);

        Assert.Equal(AttributesSchema.MaxViolations, violations.Distinct().Count());
        Assert.Equal(AttributesSchema.MaxViolations, violations.Count);
    }

    [Theory]
    [InlineData("\"type\":\"boolean\"")]
    [InlineData("\"const\":1")]
    [InlineData("\"enum\":[1,2]")]
    [InlineData("\"not\":{}")]
    [InlineData("\"not\":{\"not\":{}},\"anyOf\":[{\"const\":1},{\"type\":\"boolean\"}]")]
    [InlineData("\"oneOf\":[{\"const\":1},{\"minLength\":5000,\"maximum\":1,\"maxItems\":1,\"maxProperties\":0}]")]
    [InlineData("\"minLength\":5000,\"minimum\":1e30,\"minItems\":99,\"minProperties\":99")]
    [InlineData("\"maxLength\":1,\"maximum\":1,\"maxItems\":1,\"maxProperties\":0")]
    [InlineData("\"exclusiveMinimum\":1e30,\"pattern\":\"^$\",\"contains\":false,\"required\":[\"x\"]")]
    [InlineData("\"exclusiveMaximum\":1,\"format\":\"date\",\"uniqueItems\":true,\"propertyNames\":false")]
    [InlineData("\"multipleOf\":2,\"format\":\"email\",\"items\":false,\"additionalProperties\":false")]
    [InlineData("\"multipleOf\":4,\"format\":\"idn-hostname\",\"maxContains\":1,\"contains\":true,\"unevaluatedProperties\":false")]
    [InlineData("\"multipleOf\":8,\"format\":\"uri\",\"prefixItems\":[false],\"unevaluatedItems\":false,\"dependentRequired\":{\"n\":[\"x\"]}")]
    public void Never_repeats_a_value(string keywords)
    {
        var schema = AttributesSchema.Parse(ForAll(keywords));

        foreach (var value in new[] { "\"s3cret 87654321\"", "87654321", "[87654321,87654321.0,\"s3cret\"]", """{"n":"s3cret","m":87654321}""" })
        {
            var violations = schema.Check(A(value));
            Assert.All(violations, violation => Assert.DoesNotContain("s3cret", violation.ToString(), StringComparison.Ordinal));
            Assert.All(violations, violation => Assert.DoesNotContain("87654321", violation.ToString(), StringComparison.Ordinal));
        }
        Assert.NotEmpty(schema.Check("""{"a":"s3cret 87654321"}""").Concat(schema.Check("""{"a":87654321}""")));
    }

    [Theory]
    [InlineData("{", "The schema is not JSON: ")]
    [InlineData("[]", "At the top, the schema is not valid: Must be of type object or boolean.")]
    [InlineData("""{"properties":{"a":{"type":"text"}}}""", "At /properties/a/type, the schema is not valid: Must match at least one")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "At /properties/a/minLength, the schema is not valid: Must be at least 0.")]
    [InlineData("""{"$ref":"#/x","x":{"multipleOf":-1}}""", "At /x/multipleOf, the schema is not valid: Must be greater than 0.")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""",
        "At the top, the schema is of the dialect 'http://json-schema.org/draft-07/schema#'; only 'https://json-schema.org/draft/2020-12/schema'")]
    [InlineData("""{"$defs":{"a":{"$id":"a","$schema":"https://example.org/own"}}}""", "The schema cannot be used: Cannot find dialect")]
    [InlineData("""{"items":{"$ref":"#/$defs/a"}}""", "At /items/$ref, the reference '#/$defs/a' leads to nothing")]
    [InlineData("""{"items":{"$ref":"#a"}}""", "At /items/$ref, the reference '#a' leads to nothing")]
    [InlineData("""{"items":{"$dynamicRef":"#a"}}""", "At /items/$dynamicRef, the reference '#a' leads to nothing")]
    [InlineData("""{"$ref":"file:///etc/hostname"}""", "At /$ref, the reference 'file:///etc/hostname' leads to nothing")]
    [InlineData("""{"$ref":"#"}""", "The schema cannot be used: a reference loop starts with a reference to '#'.")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""", "At the top, a reference loop leads back")]
    [InlineData("""{"items":{"$ref":"#/$defs/a"},"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""",
        "At /$defs/a, a reference loop leads back")]
    [InlineData("""{"$dynamicAnchor":"a","dependentSchemas":{"x":{"$dynamicRef":"#a"}}}""", "At the top, a reference loop leads back")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "At /properties/a/pattern, the schema is not valid: Must be in the format \"regex\".")]
    [InlineData("""{"patternProperties":{"(":{}}}""", "At /patternProperties/(, the schema is not valid: ")]
    [InlineData("""{"properties":{"a":{"pattern":"^(?=a)b"}}}""", "At /properties/a/pattern, the regular expression '^(?=a)b' is refused")]
    [InlineData("""{"properties":{"a":{"pattern":"(a)\\1"}}}""", "At /properties/a/pattern, the regular expression '(a)\\1' is refused")]
    [InlineData("""{"patternProperties":{"((a{99}){99}){99}":{}}}""", "At /patternProperties, the regular expression '((a{99}){99}){99}' is re")]
    [InlineData("""{"allOf":[{"multipleOf":1e-999999999}]}""", "At /allOf/0/multipleOf, the number is not within the range of a double, or has more than 100 characters.")]
    [InlineData("""{"const":{"a/b":[-1e400]}}""", "At /const/a~1b/0, the number is not within the range of a double, or has more than 100 characters.")]
    [InlineData("""{"$id":"https://example.org/a","$dynamicRef":"b#x","$defs":{"b":{"$id":"b","$dynamicAnchor":"x"}}}""",
        "At /$dynamicRef, the reference 'b#x' leads to nothing")]
    [InlineData("""{"$ref":"http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger"}""",
        "At /$ref, the reference 'http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger' leads to nothing")]
    [InlineData("""{"dependentSchemas":{"a":true,"a/b":false}}""", "At /dependentSchemas/a~1b, the name has a '/' or a '~'")]
    [InlineData("""{"allOf":[{"properties":{"a~b":{}}}],"unevaluatedProperties":false}""", "At /allOf/0/properties/a~0b, the name has a '/'")]
    [InlineData("""{"type":"object","type":"string"}""", "The schema cannot be used: An item with the same key has already been added.")]
    public void Refuses_a_broken_schema(string schema, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<FormatException>(() => AttributesSchema.Parse(schema)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_schema_that_is_too_long()
    {
        var schema = $$"""{"title":"{{new string('a', AttributesSchema.MaxLength - 12)}}"}""";

        AttributesSchema.Parse(schema);

        Assert.Throws<FormatException>(() => AttributesSchema.Parse(schema + " "));
    }

    [Fact]
    public void A_long_chain_of_references_is_followed_or_given_up()
    {
        var schema = AttributesSchema.Parse(Chain(1_500, next => $"{{{next}}}"));
        IReadOnlyList<Violation> violations = [];

        var thread = new Thread(() => violations = schema.Check("{}"), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Single(violations);
    }

    [Fact]
    public void Fetches_nothing()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = $"http://{server.LocalEndpoint}/schema.json";

        Assert.Throws<FormatException>(() => AttributesSchema.Parse($$"""{"$ref":"{{address}}"}"""));
        Assert.Throws<FormatException>(() => AttributesSchema.Parse($$"""{"$schema":"{{address}}"}"""));
        Assert.Single(AttributesSchema.Parse($$"""{"$id":"{{address}}","maxProperties":0}""").Check("""{"a":1}"""));
        Assert.False(server.Pending());
    }

    [Theory]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2020-12/schema","additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"additionalProperties":{"$ref":"#/$defs/a"},"$defs":{"a":{"type":"string"}},"$id":"https://example.org/a"}""")]
    [InlineData("""{"additionalProperties":{"$ref":"#/definitions/a"},"definitions":{"a":{"type":"string"}}}""")]
    [InlineData("""{"additionalProperties":{"$ref":"b"},"$id":"https://example.org/a","$defs":{"b":{"$id":"b","type":"string"}}}""")]
    [InlineData("""{"additionalProperties":{"anyOf":[{"type":"string"},{"$ref":"#"}]},"type":"object"}""")]
    [InlineData("""{"additionalProperties":{"$dynamicRef":"#a"},"$defs":{"a":{"$dynamicAnchor":"a","type":"string"}}}""")]
    public void Follows_references_inside_the_schema(string schema)
    {
        Assert.Empty(AttributesSchema.Parse(schema).Check("""{"a":"x"}"""));
        Assert.Equal("/a", Assert.Single(AttributesSchema.Parse(schema).Check("""{"a":1}""")).Path);
    }

    [Fact]
    public void Two_schemas_with_the_same_id_stay_apart()
    {
        var first = AttributesSchema.Parse("""{"$id":"https://example.org/same","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":false}}""");
        var second = AttributesSchema.Parse("""{"$id":"https://example.org/same","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":true}}""");

        Assert.Single(first.Check("""{"a":1}"""));
        Assert.Empty(second.Check("""{"a":1}"""));
    }

    [Fact]
    public void Follows_references_to_the_meta_schema()
    {
        var schema = AttributesSchema.Parse(ForAll("\"$ref\":\"https://json-schema.org/draft/2020-12/schema\""));

        Assert.Empty(schema.Check("""{"a":{"type":"object"}}"""));
        Assert.Equal("/a/minLength", Assert.Single(schema.Check("""{"a":{"minLength":-1}}""")).Path);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    public void Takes_boolean_schemas(string schema, int violations)
    {
        Assert.Equal(violations, AttributesSchema.Parse(schema).Check("{}").Count);
        Assert.Equal(violations, AttributesSchema.Parse(ForAll($"\"allOf\":[{schema}]")).Check("""{"a":1}""").Count);
    }

    [Theory]
    [InlineData("""{"properties":{"a/b~c":{"type":"string"}},"additionalProperties":{"type":"number"}}""")]
    [InlineData("""{"patternProperties":{"^a/b~":{"type":"string"}},"additionalProperties":{"type":"number"}}""")]
    [InlineData("""{"$ref":"#/$defs/x~1y","$defs":{"x/y":{"additionalProperties":{"type":"string"}}}}""")]
    public void Takes_names_that_a_pointer_escapes(string schema)
    {
        Assert.Empty(AttributesSchema.Parse(schema).Check("""{"a/b~c":"x"}"""));
        Assert.Equal("/a~1b~0c", Assert.Single(AttributesSchema.Parse(schema).Check("""{"a/b~c":1}""")).Path);
    }

    [Fact]
    public void Counts_items_from_the_start_of_the_array() => Assert.Equal("/a/2/0", Assert.Single(AttributesSchema.Parse(
        ForAll("\"prefixItems\":[true],\"items\":{\"items\":{\"type\":\"string\"}}")).Check(A("""[1,["x"],[1]]"""))).Path);

    [Theory]
    [InlineData("date", "2024-02-29", "2023-02-29")]
    [InlineData("date-time", "2024-01-01T00:00:00Z", "2024-01-01")]
    [InlineData("email", "ann@example.org", "ann")]
    [InlineData("uuid", "123e4567-e89b-12d3-a456-426614174000", "123")]
    [InlineData("uri", "https://example.org/", "example")]
    [InlineData("idn-email", "ann@example.org", "x@a\\\"b")]
    [InlineData("relative-json-pointer", "1/a", "99999999999")]
    public void Checks_formats(string format, string right, string wrong)
    {
        var schema = AttributesSchema.Parse(ForAll($"\"format\":\"{format}\""));

        Assert.Empty(schema.Check(A($"\"{right}\"")));
        Assert.Single(schema.Check(A($"\"{wrong}\"")));
    }

    [Fact]
    public void Ignores_unknown_formats_and_keywords() =>
        Assert.Empty(AttributesSchema.Parse("""{"properties":{"a":{"format":"own","ownKeyword":5}}}""").Check("""{"a":"x"}"""));

    [Theory]
    [InlineData("^a$", "a", "a\\n")]
    [InlineData("^\\\\d[\\\\d]$", "12", "1\u0662")]
    [InlineData("^\\\\w$", "a", "\u00e9")]
    [InlineData("^[$]\\\\$$", "$$", "a")]
    [InlineData("^[\\\\w-.][\\\\w.-]$", "-.", "`a")]
    [InlineData("^\\\\p{L}$", "\u00e9", "1")]
    public void Matches_regular_expressions_as_JSON_Schema_does(string pattern, string right, string wrong)
    {
        var schema = AttributesSchema.Parse(ForAll($"\"pattern\":\"{pattern}\""));

        Assert.Empty(schema.Check(A($"\"{right}\"")));
        Assert.Single(schema.Check(A($"\"{wrong}\"")));
    }

    [Fact]
    public void Counts_characters_not_UTF16_units() =>
        Assert.Empty(AttributesSchema.Parse("""{"properties":{"a":{"minLength":2,"maxLength":2}}}""").Check("""{"a":"😀e"}"""));

    [Theory]
    [InlineData("\"multipleOf\":0.01", "0.07", "1e-308")]
    [InlineData("\"multipleOf\":5e-324", "1e308", "1.7976931348623157e-323")]
    [InlineData("\"multipleOf\":2", "0e999999999", "1")]
    [InlineData("\"multipleOf\":2", "0e-999999999", "1")]
    [InlineData("\"maximum\":1e300", "5e-324", "1e301")]
    [InlineData("\"maximum\":1", "0e-999999999", "2")]
    [InlineData("\"const\":1", "1.0", "1e300")]
    [InlineData("\"enum\":[2,1]", "1.0", "1e-300")]
    [InlineData("\"type\":\"integer\"", "1e2", "1e-2")]
    [InlineData("\"uniqueItems\":true", "[1,2]", "[1e300,1]")]
    [InlineData("\"uniqueItems\":true", "[[1],{\"a\":1,\"b\":2}]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]")]
    public void Takes_numbers_of_any_size(string keyword, string right, string wrong)
    {
        var schema = AttributesSchema.Parse(ForAll(keyword));

        Assert.Empty(schema.Check(A(right)));
        Assert.Single(schema.Check(A(wrong)));
    }

    [Fact]
    public void A_pattern_does_not_backtrack() =>
        Assert.Equal("attributes.schema", InTime("""{"pattern":"^(a+)+$"}""", $"\"{new string('a', 8_000)}!\""));

    [Fact]
    public void A_pattern_with_many_states_is_given_up()
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 8_000).Select(_ => random.Next(2) == 0 ? "a" : "b"));
        var patterns = string.Join(',', Enumerable.Range(300, 50).Select(i => $"{{\"pattern\":\"[ab]*a[ab]{{{i}}}c\"}}"));

        Assert.Equal("attributes.schemaTooCostly", InTime($$"""{"allOf":[{{patterns}}]}""", $"\"{text}\""));
    }

    [Fact]
    public void An_exponential_schema_is_given_up()
    {
        var schema = AttributesSchema.Parse(Chain(25, next => $"{{\"oneOf\":[{{{next}}},{{{next}}}]}}"));
        var started = Stopwatch.GetTimestamp();

        Assert.Equal("attributes.schemaTooCostly", Assert.Single(schema.Check("{}")).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Many_rules_for_many_items_are_given_up() => Assert.Equal("attributes.schemaTooCostly", InTime(
        $"{{\"items\":{{\"allOf\":{Items(1_000, _ => "{\"minimum\":2}")}}}}}", Items(4_000, _ => "1")));

    [Fact]
    public void Many_comparisons_of_long_arrays_are_given_up() => Assert.Equal("attributes.schemaTooCostly", InTime(
        $"{{\"allOf\":{Items(1_000, _ => "{\"uniqueItems\":true}")}}}", Items(1_600, i => $"{i}")));

    [Fact]
    public void Long_arrays_are_checked_to_the_end()
    {
        Assert.Null(InTime("""{"items":{"type":"integer","minimum":0},"contains":{"const":1},"uniqueItems":true}""", Items(1_600, i => $"{i}")));
        Assert.Equal("attributes.schema", InTime("""{"uniqueItems":true}""", Items(4_000, _ => "1")));
    }

    [Fact]
    public void One_schema_serves_all_threads()
    {
        var schema = AttributesSchema.Parse(Usual);

        // More threads than cores would make each other wait, and a check may take a second only.
        Parallel.For(0, 10_000, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var violations = schema.Check(i % 2 == 0 ? """{"plan":"pro"}""" : """{"plan":"pro","address":{"city":"Ulm","zip":"x"}}""");
            Assert.Equal(i % 2 == 0 ? "" : "/address/zip: Must match the pattern \"^[0-9]{5}$\".", string.Concat(violations.Select(violation => violation.Path + ": " + violation.Detail)));
        });
    }

    private static string ForAll(string keywords) => $"{{\"additionalProperties\":{{{keywords}}}}}";

    private static string A(string value) => $"{{\"a\":{value}}}";

    private static string Chain(int length, Func<string, string> link) =>
        $"{{\"$ref\":\"#/$defs/a0\",\"$defs\":{{{string.Concat(Enumerable.Range(0, length).Select(i =>
            $"\"a{i}\":{link($"\"$ref\":\"#/$defs/a{i + 1}\"")},"))}\"a{length}\":false}}}}";

    private static string Items(int count, Func<int, string> item) => $"[{string.Join(',', Enumerable.Range(0, count).Select(item))}]";

    private static string? InTime(string schemaOfA, string a)
    {
        var schema = AttributesSchema.Parse($"{{\"properties\":{A(schemaOfA)}}}");
        var started = Stopwatch.GetTimestamp();

        var violations = schema.Check(A(a));

        // Not a measurement: without its bounds, a check takes minutes or does not end.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        return violations.SingleOrDefault()?.Code;
    }
}
