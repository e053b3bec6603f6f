#:project ../src/Application/Application.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// Runs the required tests of JSON Schema 2020-12: tests/proofs/json-schema-suite.sh says how.
using System.Text.Json;
using UserCqrs.Application.Attributes;

const string OtherDocuments = "http://localhost:1234/"; // where the suite keeps the documents that its schemas reference
var (passed, refused, failures) = (0, new List<string>(), new List<string>());
foreach (var file in Directory.GetFiles(Path.Combine(args[0], "tests", "draft2020-12"), "*.json").Order(StringComparer.Ordinal))
{
    foreach (var group in JsonElement.Parse(File.ReadAllText(file)).EnumerateArray())
    {
        var schema = group.GetProperty("schema").GetRawText();
        var name = $"{Path.GetFileNameWithoutExtension(file)}: {group.GetProperty("description")}";
        foreach (var test in group.GetProperty("tests").EnumerateArray())
        {
            try
            {
                var isValid = AttributesSchema.Parse(schema).Check(test.GetProperty("data").GetRawText()).Count == 0;
                if (isValid == test.GetProperty("valid").GetBoolean())
                    passed++;
                else
                    failures.Add($"{name}: {test.GetProperty("description")}: taken for {(isValid ? "valid" : "invalid")}");
            }
            catch (FormatException wrong)
            {
                var list = schema.Contains(OtherDocuments, StringComparison.Ordinal) ? refused : failures;
                list.Add($"{name}: {test.GetProperty("description")}: {wrong.Message}");
            }
        }
    }
}

foreach (var failure in failures)
    Console.WriteLine($"failed: {failure}");
foreach (var refusal in refused)
    Console.WriteLine($"refused by design (needs documents that are never fetched): {refusal}");
Console.WriteLine($"{passed} of {passed + failures.Count} passed; {refused.Count} more need documents that are never fetched.");
