using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>Makes requests of what an OpenAPI document offers: most as a client would send them, the others odd in some part.</summary>
internal sealed partial class RequestGenerator(JsonElement document)
{
    private const int MaxUsers = 10;
    private const string ExternalId = "{externalId}";

    private static readonly string[] Required = ["name", "email"];

    private static readonly Gen<int> Later = Gen.Frequency(
        (6, Gen.Constant(0)), (6, Gen.Choose(1, 3)), (2, Gen.Constant(1_000_000)), (1, Gen.Choose(-3, -1)), (1, Gen.Constant(-1_000_000)));

    private static readonly Gen<Part> AnyPart = Gen.Frequency(
        (1, Gen.Constant(Part.Method)), (10, Gen.Elements(Part.Path, Part.Query, Part.Headers, Part.Body)));

    private static readonly Gen<Request> NextPage =
        Gen.Frequency((5, Gen.Constant("GET")), (1, Gen.Constant("HEAD"))).Select(method => new Request(method, "{next page}"));

    private readonly List<Operation> _operations = [.. Operations(document)];

    public IEnumerable<string> Names => _operations.Select(operation => operation.Name);

    /// <summary>What the document calls the operation that the request is meant for.</summary>
    public string NameOf(Request request)
    {
        var segments = request.Path.Trim('/').Split('/');
        var path = _operations.Select(operation => operation.Path).OrderBy(path => path.Contains('{')).FirstOrDefault(path =>
            path.Trim('/').Split('/') is var template && template.Length == segments.Length
            && template.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second));
        return $"{request.Method} {path ?? "elsewhere"}";
    }

    /// <summary>Sequences of requests; smaller ones leave some of them out, or parts of one.</summary>
    public Arbitrary<Request[]> Sequences(int shortest, int longest)
    {
        var any = Gen.Frequency(_operations.Select(operation => (operation.Weight, RequestFor(operation))).Append((6, NextPage)));
        return Arb.From(Gen.Choose(shortest, longest).SelectMany(length => any.ArrayOf(length)), Smaller);
    }

    private static IEnumerable<Request[]> Smaller(Request[] sequence)
    {
        for (var size = sequence.Length / 2; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= sequence.Length; start += size)
                yield return [.. sequence[..start], .. sequence[(start + size)..]];
        }

        for (var i = 0; i < sequence.Length; i++)
        {
            foreach (var simpler in sequence[i].Simpler())
                yield return [.. sequence[..i], simpler, .. sequence[(i + 1)..]];
        }
    }

    private static Gen<Request> RequestFor(Operation operation) =>
        from odd in Gen.Frequency((11, Gen.Constant<Part[]>([])), (9, AnyPart.ArrayOf(2)))
        from method in odd.Contains(Part.Method) ? Gen.Elements("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
            : Gen.Constant(operation.Method)
        from path in PathOf(operation, odd.Contains(Part.Path) && !odd.Contains(Part.Method)) // routing sends 405 before it reads an id
        from query in QueryOf(operation, odd.Contains(Part.Query))
        from headers in HeadersOf(operation, odd.Contains(Part.Headers))
        from body in BodyOf(operation, odd.Contains(Part.Body))
        from later in Later
        select new Request(method, query == "" ? path : $"{path}?{query}") { Headers = headers, Body = body, Later = later };

    private static Gen<string> PathOf(Operation operation, bool isOdd)
    {
        if (operation.Path.EndsWith(ExternalId, StringComparison.Ordinal))
            return (isOdd ? Gen.Elements(Samples.OddExternalIds).SelectMany(SpellInPath).Or(Gen.Elements(Samples.OddPaths))
                : Gen.Constant("{external 0}").SelectMany(WithSomeUser).Or(Gen.Elements(Samples.ExternalIds).SelectMany(SpellInPath)))
                .Select(id => operation.Path.Replace(ExternalId, id, StringComparison.Ordinal));
        var isPlain = !operation.Path.Contains('{');
        var id = isOdd ? Gen.Elements(Samples.OddIds).SelectMany(WithSomeUser) : Gen.Constant("{user 0}").SelectMany(WithSomeUser);
        return isPlain
            ? Gen.Constant(operation.Path)
            : id.Select(value => Placeholder().Replace(operation.Path, value));
    }

    private static Gen<string> QueryOf(Operation operation, bool isOdd) =>
        from odd in isOdd ? Gen.Elements<Parameter?>([null, .. operation.Queries]) : Gen.Constant<Parameter?>(null)
        from parts in Gen.CollectToArray(operation.Queries, parameter => PartsOf(parameter, parameter == odd))
        from unknown in isOdd && odd is null ? Gen.Elements(Samples.UnknownParameters) : Gen.Constant("")
        select string.Join('&', parts.Append(unknown).Where(part => part != ""));

    /// <summary>One parameter: absent, once, or more than once.</summary>
    private static Gen<string> PartsOf(Parameter parameter, bool isOdd)
    {
        var good = ValueOf(parameter).SelectMany(WithSomeUser).SelectMany(Spell);
        var odd = Gen.Elements(Samples.OddEncodings).Or(parameter.IsFreeText
            ? Gen.Elements(Samples.OddTexts).SelectMany(Spell)
            : Gen.Elements([.. Samples.OddValues, .. Borders(parameter.Schema)]).SelectMany(WithSomeUser));
        var part = (Gen<string> value) => value.Select(text => $"{parameter.Name}={text}");
        var absent = Gen.Constant("");
        return isOdd
            ? Gen.Frequency((1, absent), (5, part(odd)), (1, part(good).Zip(part(good), (one, other) => $"{one}&{other}")))
            : parameter.IsRequired ? part(good)
            : Gen.Frequency((parameter.Narrows ? 4 : 1, absent), (1, part(good)));
    }

    private static string[] Borders(JsonElement schema) =>
        schema.TryGetProperty("minimum", out var least) && schema.TryGetProperty("maximum", out var most)
            ? [$"{least.GetInt64() - 1}", $"{least}", $"{most}", $"{most.GetInt64() + 1}", .. Samples.OddNumbers]
            : [];

    private static Gen<string> ValueOf(Parameter parameter)
    {
        var schema = parameter.Schema;
        if (schema.TryGetProperty("enum", out var values))
            return Gen.Elements(values.EnumerateArray().Select(value => value.GetString()!));
        if (schema.TryGetProperty("maximum", out var maximum))
            return Gen.Elements("1", "2", "3", $"{maximum}");
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time")
            return Gen.Constant("{created 0}");
        return (parameter.Name, schema.GetProperty("type").GetString()) switch
        {
            (_, "boolean") => Gen.Elements("true", "false"),
            (_, "integer") => Gen.Constant("{user 0}"),
            ("cursor", _) => Gen.Constant("{cursor}"),
            ("id", _) => Gen.Elements("{user 0}", "{user 1},{user 2}", "{user 3},{user 4},{user 5},0"),
            ("externalId", _) => Gen.Constant("{external 0}").Or(Gen.Elements(Samples.ExternalIds)),
            ("email", _) => Gen.Elements(Samples.Emails),
            _ => Gen.Elements(Samples.Names).SelectMany(name => Gen.Choose(1, 2).Select(length => Start(name, length))),
        };
    }

    private static Gen<(string, string)[]> HeadersOf(Operation operation, bool isOdd)
    {
        var asked = operation.Parameters.Where(parameter => parameter.In == "header").Select(parameter =>
            Gen.Frequency((AbsenceOf(operation, parameter), Gen.Constant("")), (1, Gen.Constant("*")), (3, Gen.Constant("\"{version 0}\"")))
                .SelectMany(WithSomeUser)
                .Select(value => (parameter.Name, value)));
        var odd = Gen.Elements<string>(Samples.OddHeaders.Keys).SelectMany(
            name => Gen.Elements(Samples.OddHeaders[name]).SelectMany(WithSomeUser).Select(value => (Name: name, value)));
        return
            from good in Gen.CollectToArray(asked, header => header)
            from type in Gen.Constant(("Content-Type", operation.MediaType ?? ""))
            from bad in isOdd ? odd.ArrayOf(2) : Gen.Constant(Array.Empty<(string, string)>())
            select bad.Concat(good).Append(type).Where(header => header.Item2 != "").DistinctBy(header => header.Item1).ToArray();
    }

    // Most of what would go ahead does: a write seldom says which version it must not meet, a read which one it must, and what may
    // create a user neither.
    private static int AbsenceOf(Operation operation, Parameter header) => (operation.Method, header.Name) switch
    {
        ("GET" or "HEAD", "If-None-Match") => 1,
        ("PUT", "If-Match") when operation.Path.EndsWith(ExternalId, StringComparison.Ordinal) => 10,
        (not ("GET" or "HEAD"), "If-Match") => 1,
        _ => 20,
    };

    private static Gen<byte[]?> BodyOf(Operation operation, bool isOdd)
    {
        var isPatch = operation.Method == "PATCH";
        if (operation.Members is not { } members)
            return isOdd ? new BodyGenerator(Required, Required, isPatch).Bodies(isOdd) : Gen.Constant<byte[]?>(null);
        var required = isPatch ? [] : members.Intersect(Required).ToArray();
        var all = new BodyGenerator(members, required, isPatch).Bodies(isOdd);

        // The external id in the body is seldom the one in the path.
        return operation.Path.EndsWith(ExternalId, StringComparison.Ordinal)
            ? Gen.Frequency((1, all), (4, new BodyGenerator([.. members.Except(["externalId"])], required, isPatch).Bodies(isOdd)))
            : all;
    }

    /// <summary>Replaces user 0 by any other.</summary>
    public static Gen<string> WithSomeUser(string text) =>
        text.Contains(" 0}", StringComparison.Ordinal)
            ? Gen.Choose(0, MaxUsers - 1).Select(user => text.Replace(" 0}", $" {user}}}", StringComparison.Ordinal))
            : Gen.Constant(text);

    /// <summary>One way to write a parameter's value in a query string.</summary>
    private static Gen<string> Spell(string value) => Gen.Frequency(
        (6, Gen.Constant(Uri.EscapeDataString(value))),
        (1, Gen.Constant(Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal))),
        (1, Gen.Constant(string.Concat(Encoding.UTF8.GetBytes(value).Select(octet => $"%{octet:x2}")))))
        .Select(spelt => Braces().IsMatch(value) ? value : spelt);

    /// <summary>One way to write an id as a segment of a path, where + is no space.</summary>
    private static Gen<string> SpellInPath(string id) => Gen.Elements(
        Uri.EscapeDataString(id),
        string.Concat(Encoding.UTF8.GetBytes(id).Select(octet => $"%{octet:x2}")),
        string.Concat(id.EnumerateRunes().Select(rune => rune.IsAscii && Samples.PlainInPath.Contains((char)rune.Value)
            ? $"{rune}"
            : Uri.EscapeDataString($"{rune}"))));

    private static string Start(string text, int length) => string.Concat(text.EnumerateRunes().Take(length));

    private static IEnumerable<Operation> Operations(JsonElement document)
    {
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            if (path.Name is "/v1/users/import" or "/v1/users/export")
                continue; // bodies of many lines, which ImportTests have
            if (path.Name is "/v1/changes" or "/v1/users/{id}/changes" or "/v1/users/{id}/restore" or "/v1/users/{id}/erase")
                continue; // the model has no log; ChangeTests look at it
            foreach (var operation in path.Value.EnumerateObject())
            {
                var parameters = (operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [])
                    .Where(parameter => parameter.GetProperty("name").GetString() != "Idempotency-Key"); // IdempotencyTests have it
                var (mediaType, members) = operation.Value.TryGetProperty("requestBody", out var body)
                    ? BodyOf(document, body)
                    : (null, null);
                yield return new(
                    operation.Name.ToUpperInvariant(), path.Name, [.. parameters.Select(parameter => Parameter.From(document, parameter))], mediaType, members);
            }
        }
    }

    private static (string? MediaType, string[]? Members) BodyOf(JsonElement document, JsonElement body)
    {
        var content = body.GetProperty("content").EnumerateObject().First();
        var schema = JsonShape.Resolve(document, content.Value.GetProperty("schema"));
        return (content.Name, [.. schema.GetProperty("properties").EnumerateObject().Select(member => member.Name)]);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\{%?(user|created|version|external|cursor)")]
    private static partial Regex Braces();

    private enum Part
    {
        Method,
        Path,
        Query,
        Headers,
        Body,
    }

    /// <summary>One operation of the document.</summary>
    private sealed record Operation(string Method, string Path, Parameter[] Parameters, string? MediaType, string[]? Members)
    {
        public string Name => $"{Method} {Path}";

        public Parameter[] Queries => [.. Parameters.Where(parameter => parameter.In == "query")];

        // Users have to be there before anything can happen to them.
        public int Weight => (Method, Path.Contains('{')) switch
        {
            ("POST", false) when Members!.Contains("name") => 5,
            ("DELETE" or "HEAD", _) => 1,
            _ => Queries.Length > 1 ? 6 : 3,
        };
    }

    /// <summary>One parameter of an operation.</summary>
    private sealed record Parameter(string Name, string In, bool IsRequired, JsonElement Schema)
    {
        /// <summary>Whether it leaves users out. Too many of these leave none; too few of the others, no second page.</summary>
        public bool Narrows => !Schema.TryGetProperty("enum", out _) && !Schema.TryGetProperty("maximum", out _);

        public bool IsFreeText => Name is not ("id" or "cursor") && Schema.GetProperty("type").GetString() == "string"
            && !Schema.TryGetProperty("enum", out _) && !Schema.TryGetProperty("format", out _);

        public static Parameter From(JsonElement document, JsonElement parameter) => new(
            parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
            parameter.TryGetProperty("required", out var required) && required.GetBoolean(),
            JsonShape.Resolve(document, parameter.GetProperty("schema")));
    }
}
