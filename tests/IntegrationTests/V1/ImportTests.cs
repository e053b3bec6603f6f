using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary><c>POST /v1/users/import</c> and <c>GET /v1/users/export</c></summary>
public abstract class ImportTests(UsersService service) : HttpTests(service)
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";

    private readonly string _tag = $"{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Each_line_is_reported_and_then_the_totals()
    {
        var lines = await ImportAsync($$"""
            {"name":"Ann","email":"ann@{{_tag}}.example","externalId":"{{_tag}}-1","active":false,"attributes":{"plan":"pro","n":[1.50]} }
            {"name":" ","email":"x","foo":1}

            {"name":"Bob"
            [1]
            {"name":"Ann again","email":"ANN@{{_tag}}.example"}
            {"id":7,"name":"Cid","email":"cid@{{_tag}}.example","createdAt":"2020-01-01T00:00:00Z","updatedAt":1}
            """);

        Assert.Equal(
            [
                "1 created", "2 invalid /email email.invalid, /foo member.unknown, /name name.empty", "4 invalid  body.notJson",
                "5 invalid  body.type", "6 conflict /email email.taken", "7 created",
                """{"lines":6,"created":2,"updated":0,"unchanged":0,"skipped":0,"conflict":1,"invalid":3}""",
            ],
            lines.Select(Summary));
        Assert.Equal(14, JsonElement.Parse(lines[2]).GetProperty("errors")[0].GetProperty("column").GetInt64());
        var ann = (await GetAsync($"/v1/users/{JsonElement.Parse(lines[0]).GetProperty("id")}")).Json;
        Assert.Equal(
            ("Ann", $"{_tag}-1", false, """{"plan":"pro","n":[1.50]}"""),
            (ann.GetProperty("name").GetString(), ann.GetProperty("externalId").GetString(), ann.GetProperty("active").GetBoolean(),
                ann.GetProperty("attributes").GetRawText()));
        Assert.Equal("Ann", (await GetAsync($"/v1/users?q=ann@{_tag}.example")).Json.GetProperty("items")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("onConflict=fail&key=email", "conflict /email email.taken", "conflict /externalId externalId.taken", "conflict /email email.taken, /externalId externalId.taken", "created")]
    [InlineData("onConflict=skip&key=email", "skipped 1", "conflict /externalId externalId.taken", "skipped 1", "created")]
    [InlineData("onConflict=skip&key=externalId", "conflict /email email.taken", "skipped 1", "skipped 2", "created")]
    [InlineData("onConflict=update&key=email", "updated 1", "created", "conflict /externalId externalId.taken", "created")]
    [InlineData("onConflict=update&key=externalId", "conflict /email email.taken", "updated 1", "updated 2", "created")]
    public async Task A_line_whose_user_exists_is_in_conflict_or_skipped_or_changes_it(string query, params string[] expected)
    {
        var first = await PostAsync("/v1/users", $$"""{"name":"One","email":"one@{{_tag}}.example","externalId":"{{_tag}}-1","attributes":{"a":1} }""");
        var second = await PostAsync("/v1/users", $$"""{"name":"Two","email":"two@{{_tag}}.example","externalId":"{{_tag}}-2"}""");

        var lines = await ImportAsync($$"""
            {"name":"Same e-mail","email":"One@{{_tag}}.example","externalId":"{{_tag}}-9"}
            {"name":"Same external id","email":"nine@{{_tag}}.example","externalId":"{{_tag}}-1"}
            {"name":"Of two users","email":"one@{{_tag}}.example","externalId":"{{_tag}}-2"}
            {"name":"New","email":"new@{{_tag}}.example","externalId":"{{_tag}}-3"}
            """, query);

        Assert.Equal(expected, lines[..4].Select(line => Summary(line)[2..]
            .Replace($"skipped {first.Member("id")}", "skipped 1").Replace($"skipped {second.Member("id")}", "skipped 2")
            .Replace($"updated {first.Member("id")}", "updated 1").Replace($"updated {second.Member("id")}", "updated 2")));
        var isChanged = expected.Contains("updated 1");
        var now = (await GetAsync(first.Header("Location")!)).Json;
        Assert.Equal(isChanged, now.GetProperty("name").GetString() != "One");
        Assert.Equal("""{"a":1}""", now.GetProperty("attributes").GetRawText()); // a member that is not given stays
    }

    [Theory]
    [InlineData("email", "{\"name\":\"B\",\"email\":\"a@T\"}|{\"name\":\"C\",\"email\":\"A@T\"}", "created,updated")]
    [InlineData("email", "{\"name\":\"B\",\"email\":\"a@T\"}|{\"name\":\"B\",\"email\":\"a@T\"}", "created,unchanged")]
    [InlineData("externalId", "{\"name\":\"A\",\"email\":\"a@T\",\"externalId\":\"T1\"}|{\"name\":\"A\",\"email\":\"b@T\",\"externalId\":\"T1\"}|{\"name\":\"N\",\"email\":\"a@T\",\"externalId\":\"T2\"}", "created,updated,created")]
    [InlineData("externalId", "{\"name\":\"A\",\"email\":\"a@T\",\"externalId\":\"T1\"}|{\"name\":\"N\",\"email\":\"a@T\",\"externalId\":\"T2\"}|{\"name\":\"A\",\"email\":\"b@T\",\"externalId\":\"T1\"}|{\"name\":\"N\",\"email\":\"a@T\",\"externalId\":\"T2\"}", "created,conflict /email email.taken,updated,created")]
    [InlineData("externalId", "{\"name\":\"A\",\"email\":\"a@T\",\"externalId\":\"T1\"}|{\"name\":\"B\",\"email\":\"b@T\",\"externalId\":\"T2\"}|{\"name\":\"A\",\"email\":\"c@T\",\"externalId\":\"T1\"}|{\"name\":\"B\",\"email\":\"a@T\",\"externalId\":\"T2\"}|{\"name\":\"A\",\"email\":\"a@T\",\"externalId\":\"T1\"}", "created,created,updated,updated,conflict /email email.taken")]
    [InlineData("externalId", "{\"name\":\"A\",\"email\":\"a@T\"}|{\"name\":\"A\",\"email\":\"a@T\",\"externalId\":null}", "invalid /externalId externalId.required,invalid /externalId externalId.required")]
    public async Task Lines_have_the_effect_of_one_after_the_other(string key, string body, string expected)
    {
        var lines = await ImportAsync(body.Replace("T", _tag).Replace('|', '\n').Replace(_tag + "\"", _tag + ".example\"")
            .Replace($"\"{_tag}.example\"", $"\"{_tag}\""), $"onConflict=update&key={key}");

        Assert.Equal(expected.Split(','), lines[..^1].Select(line => Summary(line)[2..].Split(" /")[0].Split(' ')[0] is "conflict" or "invalid" ? Summary(line)[2..] : Summary(line)[2..].Split(' ')[0]));
    }

    [Fact]
    public async Task All_lines_are_imported_or_none()
    {
        var good = string.Concat(Enumerable.Range(0, 1_200).Select(i => $$"""{"name":"N{{i}}","email":"{{i}}@{{_tag}}.example"}""" + "\n"));
        var bad = $$"""{"name":"","email":"e@{{_tag}}.example"}""";
        var taken = $$"""{"name":"N","email":"7@{{_tag}}.example"}""";

        var invalid = await SendAsync(good + bad + "\n", "mode=atomic");
        var conflict = await SendAsync(good + taken + "\n", "mode=atomic");

        invalid.IsProblem(422, "invalid-import", "/name name.empty");
        Assert.Equal(1_201, invalid.Json.GetProperty("errors")[0].GetProperty("line").GetInt64());
        conflict.IsProblem(422, "invalid-import", "/email email.taken");
        Assert.Equal(1_201, conflict.Json.GetProperty("errors")[0].GetProperty("line").GetInt64());
        Assert.Equal(0, await CountAsync());

        (await SendAsync(good, "mode=atomic")).Is(200, """{"lines":1200,"created":1200,"updated":0,"unchanged":0,"skipped":0,"conflict":0,"invalid":0}""");
        Assert.Equal(1_200, await CountAsync());
    }

    [Fact]
    public async Task An_atomic_import_names_its_first_100_errors()
    {
        var errors = (await SendAsync(string.Concat(Enumerable.Repeat("{}\n", 80)), "mode=atomic")).Json.GetProperty("errors");

        Assert.Equal(100, errors.GetArrayLength());
        Assert.Equal(50, errors[99].GetProperty("line").GetInt64());
    }

    [Theory]
    [InlineData("mode=each")]
    [InlineData("mode=atomic")]
    public async Task A_dry_run_reports_everything_and_stores_nothing(string mode)
    {
        var lines = (await SendAsync($$"""
            {"name":"A","email":"a@{{_tag}}.example"}
            {"name":"A","email":"b@{{_tag}}.example"}
            """, $"{mode}&dryRun=true")).Text.TrimEnd().Split('\n');

        Assert.Equal(2, JsonElement.Parse(lines[^1]).GetProperty("created").GetInt64());
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task An_atomic_import_with_a_key_is_executed_once()
    {
        var (body, key) = ($$"""{"name":"A","email":"a@{{_tag}}.example"}""", ("Idempotency-Key", _tag));

        var first = await SendAsync(body, "mode=atomic", Ndjson, key);
        var again = await SendAsync(body, "mode=atomic", Ndjson, key);

        Assert.Equal((200, first.Text, "true"), (again.Status, again.Text, again.Header("Idempotency-Replayed")));
        (await SendAsync(body + "\n", "mode=atomic", Ndjson, key)).IsProblem(422, "idempotency-key-reused");
        (await SendAsync(body, "mode=each", Ndjson, key)).IsProblem(400, "malformed-request");
    }

    [Theory]
    [InlineData("mode=all", "?mode mode.invalid")]
    [InlineData("onConflict=replace&key=id&dryRun=yes", "?onConflict onConflict.invalid", "?key key.invalid", "?dryRun dryRun.invalid")]
    [InlineData("modus=each", "?modus parameter.unknown")]
    public async Task Parameters_are_checked(string query, params string[] errors) =>
        (await SendAsync("", query)).IsProblem(400, "invalid-parameter", errors);

    [Fact]
    public async Task Other_media_types_are_refused()
    {
        (await SendAsync("[]", "", "application/json")).IsProblem(415, "unsupported-media-type");
        Assert.Equal(406, (await SendAsync("POST", "/v1/users/import", Body("", Ndjson), ("Accept", "text/html"))).Status);
        Assert.Equal(200, (await SendAsync("POST", "/v1/users/import", Body("", Ndjson), ("Accept", Ndjson))).Status);
        Assert.Equal(406, (await GetAsync("/v1/users/export", ("Accept", "text/html"))).Status);
        (await GetAsync("/v1/users/export?format=xml&sort=name")).IsProblem(
            400, "invalid-parameter", "?format format.invalid", "?sort parameter.unknown");
    }

    [Fact]
    public async Task A_line_is_reported_before_the_next_one_is_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Address.Host, Service.Address.Port, Cancelled);
        await using var stream = client.GetStream();
        using var response = new StreamReader(stream);
        await WriteAsync(stream, $"POST /v1/users/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: {Ndjson}\r\nTransfer-Encoding: chunked\r\n\r");
        await SendAsync("a");
        Assert.Equal("1 created", Summary(await LineAsync()));
        Assert.Equal(1, await CountAsync());
        await SendAsync("b");
        Assert.Equal("2 created", Summary(await LineAsync()));

        Task SendAsync(string local)
        {
            var line = $$"""{"name":"A","email":"{{local}}@{{_tag}}.example"}""" + "\n";
            return WriteAsync(stream, $"{line.Length:x}\r\n{line}\r");
        }

        async Task<string> LineAsync()
        {
            while (await response.ReadLineAsync(Cancelled) is { } line)
            {
                if (line.StartsWith('{'))
                    return line;
            }

            throw new EndOfStreamException("The service ended the connection.");
        }
    }

    [Fact]
    public async Task A_client_that_reads_only_after_it_has_sent_everything_gets_all_lines()
    {
        const int count = 40_000; // whose 10 MB of errors fit into no buffer
        using var content = new Lines(async stream =>
        {
            for (var i = 0; i < count; i++)
                await WriteAsync(stream, """{"name":"","email":""}""");
        });

        var response = await SendAsync("POST", "/v1/users/import", content);

        Assert.Equal(count + 1, response.Text.AsSpan().Count('\n'));
        Assert.EndsWith($$"""{"lines":{{count}},"created":0,"updated":0,"unchanged":0,"skipped":0,"conflict":0,"invalid":{{count}}}""", response.Text.TrimEnd());
    }

    [Fact]
    public async Task Every_response_ends_with_the_totals() => await Parallel.ForEachAsync(
        Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var content = Body($$"""{"name":"{{i}}"}""", Ndjson);
            Assert.Contains("\"lines\":1,", (await SendAsync("POST", "/v1/users/import", content)).Text);
        });

    [Fact]
    public async Task A_line_may_have_64_KiB_and_a_body_any_number_of_lines()
    {
        var lines = await ImportAsync(
            $$"""{"name":"A","email":"a@{{_tag}}.example"{{new string(' ', 65_000)}}}""" + "\n"
            + $$"""{"name":"B","email":"b@{{_tag}}.example"{{new string(' ', 70_000)}}}""" + "\n"
            + $$"""{"name":"C","email":"c@{{_tag}}.example"}""");

        Assert.Equal(["1 created", "2 invalid  line.tooLong", "3 created"], lines[..3].Select(Summary));
        Assert.Equal("1 invalid  line.tooLong", Summary((await ImportAsync(new string(' ', 70_000)))[0]));
    }

    [Fact]
    public async Task CSV_has_the_members_as_columns()
    {
        var lines = await ImportAsync($"""
            ﻿email,name,externalId,active,attributes.plan,attributes.address.city,attributes.seats
            a@{_tag}.example,"Lee, ""Ann"" ",{_tag}-1,FALSE,pro,Bern,12
            b@{_tag}.example,"Two
            lines",,,"007",,true
            c@{_tag}.example,'=1+1,,,,,
            d@{_tag}.example,''=1,,maybe,,,
            e@{_tag}.example,E
            f@{_tag}.example,Mc "F",,,,,
            """.ReplaceLineEndings("\r\n"), mediaType: Csv);

        Assert.Equal(
            [
                "2 created", "3 invalid /name name.controlCharacter", "5 created", "6 invalid /active active.type", "7 invalid  csv.fieldCount",
                "8 invalid  csv.malformed",
            ],
            lines[..^1].Select(Summary));
        var ann = await UserAsync("a");
        Assert.Equal(
            ("Lee, \"Ann\"", $"{_tag}-1", false, """{"plan":"pro","address":{"city":"Bern"},"seats":12}"""),
            (ann.GetProperty("name").GetString(), ann.GetProperty("externalId").GetString(), ann.GetProperty("active").GetBoolean(),
                ann.GetProperty("attributes").GetRawText()));
        Assert.Equal("=1+1", (await UserAsync("c")).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("{\"b\":\"\\ud800\"}", "attributes.malformed")]
    [InlineData("{\"x\":1,\"x\":2}", "attributes.duplicate")]
    [InlineData("[[[[[[1]]]]]]", "attributes.tooDeep")]
    [InlineData("null", "attributes.null")]
    [InlineData("1e999", "attributes.numberOutOfRange")]
    public async Task A_cell_that_is_no_attribute_refuses_its_line_alone(string cell, string code)
    {
        var lines = await ImportAsync(
            $"email,name,attributes.a\na@{_tag}.example,A,1\nb@{_tag}.example,B,\"{cell.Replace("\"", "\"\"")}\"\nc@{_tag}.example,C,{new string('[', 100)}x",
            mediaType: Csv);

        Assert.Equal(["2 created", "4 created"], new[] { lines[0], lines[2] }.Select(Summary));
        Assert.StartsWith("3 invalid /attributes", Summary(lines[1]));
        Assert.Contains(code, lines[1]);
    }

    [Fact]
    public async Task Lines_of_CSV_are_counted_with_empty_ones_and_those_inside_quotation_marks()
    {
        var lines = await ImportAsync("\uFEFF\"name\",\"email\"\n\n\nA,bad\n\n\"B\nC\",bad\nD,bad\n", mediaType: Csv);

        Assert.Equal(["4", "6", "8"], lines[..^1].Select(line => Summary(line).Split(' ')[0]));
    }

    [Fact]
    public async Task A_line_of_CSV_has_an_end()
    {
        (await SendAsync("name,email\n" + new string(',', 2_000_000), "", Csv)).IsProblem(422, "invalid-import", " line.tooLong");
        (await SendAsync("name,email\n\"" + new string('a', 2_000_000), "", Csv)).IsProblem(422, "invalid-import", " line.tooLong");
    }

    [Fact]
    public async Task What_comes_before_the_unreadable_rest_is_imported()
    {
        var lines = await ImportAsync($"name,email\nA,a@{_tag}.example\nB,\"{new string('b', 200_000)}", mediaType: Csv);

        Assert.Equal(["2 created", "3 invalid  line.tooLong"], lines[..^1].Select(Summary));
    }

    [Theory]
    [InlineData("email")]
    [InlineData("externalId")]
    public async Task Two_users_cannot_swap_what_is_unique(string key)
    {
        await ImportAsync($$"""
            {"name":"A","email":"a@{{_tag}}.example","externalId":"{{_tag}}a"}
            {"name":"B","email":"b@{{_tag}}.example","externalId":"{{_tag}}b"}
            """);

        var lines = await ImportAsync($$"""
            {"name":"Changed","email":"a@{{_tag}}.example","externalId":"{{_tag}}a"}
            {"name":"A","email":"a@{{_tag}}.example","externalId":"{{_tag}}b"}
            {"name":"B","email":"b@{{_tag}}.example","externalId":"{{_tag}}a"}
            """, $"onConflict=update&key={key}");

        Assert.Equal(["updated", "conflict", "conflict"], lines[..3].Select(line => Summary(line).Split(' ')[1]));
        Assert.Equal("Changed", (await UserAsync("a")).GetProperty("name").GetString());
        Assert.Equal("\"2\"", (await GetAsync($"/v1/users/by-external-id/{_tag}a")).ETag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("name,email,attributes.a,attributes.a.b\n")]
    [InlineData("name,email,attributes.a.b,attributes.a\n")]
    [InlineData("name,email,attributes.a.b.c.d.e.f\n")]
    [InlineData("name;email\nAnn;ann@example.org")]
    [InlineData("name\temail\nAnn\tann@example.org")]
    [InlineData("Name,email\nAnn,ann@example.org")]
    [InlineData("name,email,mail\n")]
    [InlineData("name\nAnn")]
    [InlineData("name,email,email\n")]
    [InlineData("name,email,attributes,attributes.plan\n")]
    public async Task CSV_needs_a_header(string text) => (await SendAsync(text, "", Csv)).IsProblem(422, "invalid-import", " csv.header");

    [Fact]
    public async Task CSV_that_is_not_UTF8_ends_there()
    {
        byte[] text = [.. Encoding.UTF8.GetBytes($"name,email\nAnn,ann@{_tag}.example\n"), (byte)'J', 0xFC, .. "rg,j@example.org\n"u8];

        (await SendAsync("POST", "/v1/users/import", Body(text, Csv))).IsProblem(422, "invalid-import", " body.notUtf8");
    }

    [Theory]
    [InlineData("ndjson", Ndjson)]
    [InlineData("csv", Csv)]
    public async Task What_an_export_writes_an_import_takes(string format, string mediaType)
    {
        string[] names = ["=1+1", "\uFF1Dcmd", "\uFF0B1", "\uFF0D1", "\uFF20x", "'=1", "''", "'", "-5", "@x", "Ann, \"Lee\"", "王小明", "👩‍👩‍👧", "O'Brien", "a\u2028b", "+41", "\\\"", "<é>"];
        await ImportAsync(string.Join('\n', names.Select((name, i) => JsonSerializer.Serialize(new
        {
            name,
            email = $"n{i}@{_tag}.example",
            externalId = $"{name}-{_tag}",
            active = i % 2 == 0,
            attributes = new Dictionary<string, object> { ["=" + name] = name, ["list"] = new object[] { 1.50, "x", true } },
        }))));

        var exported = (await GetAsync($"/v1/users/export?format={format}")).Text;
        var lines = await ImportAsync(exported, "onConflict=update", mediaType);

        var totals = JsonElement.Parse(lines[^1]);
        Assert.Equal(totals.GetProperty("lines").GetInt64(), totals.GetProperty("unchanged").GetInt64());
        Assert.Equal(names.Length, exported.Split($"@{_tag}.example").Length - 1);
        if (format == "csv")
            Assert.DoesNotMatch("(^|[,\n])\"?[=+@\uFF1D\uFF0B\uFF0D\uFF20-]", exported);
    }

    [Fact]
    public async Task An_export_has_the_users_that_match_in_id_order()
    {
        await ImportAsync(string.Concat(Enumerable.Range(0, 2_500).Select(i =>
            $$"""{"name":"{{_tag}} {{i}}","email":"{{i}}@{{_tag}}.example","active":{{(i % 5 == 0 ? "false" : "true")}}}""" + "\n")));

        var lines = (await GetAsync($"/v1/users/export?namePrefix={_tag}&active=true")).Text.TrimEnd().Split('\n');

        Assert.Equal(
            Enumerable.Range(0, 2_500).Where(i => i % 5 != 0).Select(i => $"{_tag} {i}"),
            lines.Select(line => JsonElement.Parse(line).GetProperty("name").GetString()));
    }

    private static string Summary(string line)
    {
        var json = JsonElement.Parse(line);
        if (!json.TryGetProperty("status", out var status))
            return line;
        var errors = json.TryGetProperty("errors", out var list)
            ? list.EnumerateArray().Select(error => $"{error.GetProperty("pointer")} {error.GetProperty("code")}").Order().ToArray()
            : [];
        var id = status.GetString() is "skipped" or "updated" or "unchanged" ? $"{json.GetProperty("id")}" : "";
        return $"{json.GetProperty("line")} {status} {id}{string.Join(", ", errors)}".TrimEnd();
    }

    private static async Task WriteAsync(Stream stream, string line)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await stream.FlushAsync();
    }

    private async Task<string[]> ImportAsync(string body, string query = "", string mediaType = Ndjson)
    {
        var response = await SendAsync(body, query, mediaType);
        Assert.True(response.Status == 200, response.Text);
        Assert.Equal(Ndjson, response.MediaType);
        return response.Text.TrimEnd('\n').Split('\n');
    }

    private Task<Response> SendAsync(
        string body, string query, string mediaType = Ndjson, params (string Name, string Value)[] headers) =>
        SendAsync("POST", $"/v1/users/import?{query}", Body(body, mediaType), headers);

    private async Task<long> CountAsync() =>
        (await GetAsync($"/v1/users?q=@{_tag}.example&count=true")).Json.GetProperty("total").GetInt64();

    private async Task<JsonElement> UserAsync(string local) =>
        (await GetAsync($"/v1/users?email={local}@{_tag}.example")).Json.GetProperty("items")[0];

    /// <summary>A body of unknown length, which a test writes.</summary>
    private sealed class Lines : HttpContent
    {
        private readonly Func<Stream, Task> _write;

        public Lines(Func<Stream, Task> write) => (_write, Headers.ContentType) = (write, MediaTypeHeaderValue.Parse(Ndjson));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
