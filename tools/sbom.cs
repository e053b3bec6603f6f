#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// Writes what the published service is made of, as CycloneDX 1.6 JSON, to standard output: dotnet run tools/sbom.cs > sbom.json
// The same lock file gives the same octets. Restore first: licences are read from the packages in NuGet's cache.
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

// These name no SPDX licence: MediatR an address (Apache-2.0 as of this version), Bogus and SQLite a file ("is Public Domain").
// CsvHelper lets its users choose between two licences.
var licencesReadByHand = new Dictionary<string, string>
{
    ["Bogus/35.6.5"] = "MIT", ["CsvHelper/33.1.0"] = "Apache-2.0", ["MediatR/5.1.0"] = "Apache-2.0", ["SQLite/3.53.4"] = "blessing",
};

var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
var here = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var lockFile = JsonNode.Parse(File.ReadAllText(Path.Combine(here, "..", "src", "Web", "packages.lock.json")))!;
var locked = lockFile["dependencies"]!.AsObject().SelectMany(target => target.Value!.AsObject())
    .DistinctBy(package => package.Key).OrderBy(package => package.Key, StringComparer.Ordinal)
    .ToDictionary(package => package.Key, package => package.Value!.AsObject(), StringComparer.OrdinalIgnoreCase);
var packages = locked.Where(entry => (string)entry.Value["type"]! != "Project").ToList();
var own = locked.Where(entry => (string)entry.Value["type"]! == "Project").ToList();

var sbom = new JsonObject
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = "UserCqrs.Web", ["name"] = "UserCqrs.Web" },
    },
    ["components"] = new JsonArray([.. packages.Select(package => Describe(package.Key, package.Value))]),
    ["dependencies"] = new JsonArray(
    [
        // The service's own assemblies are one component here.
        Depends("UserCqrs.Web", packages.Where(package => (string)package.Value["type"]! == "Direct").Select(package => package.Key)
            .Concat(own.SelectMany(project => Names(project.Value)))),
        .. packages.Select(package => Depends(Purl(package.Key), Names(package.Value))),
    ]),
};
Console.WriteLine(sbom.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

JsonObject Describe(string name, JsonObject package) => new()
{
    ["type"] = "library",
    ["bom-ref"] = Purl(name),
    ["name"] = name,
    ["version"] = (string)package["resolved"]!,
    ["hashes"] = new JsonArray(new JsonObject
    {
        ["alg"] = "SHA-512",
        ["content"] = Convert.ToHexStringLower(Convert.FromBase64String((string)package["contentHash"]!)),
    }),
    ["licenses"] = new JsonArray(new JsonObject
    {
        ["license"] = new JsonObject { ["id"] = Licence(name, (string)package["resolved"]!) },
    }),
    ["purl"] = Purl(name),
};

JsonObject Depends(string from, IEnumerable<string> names) => new()
{
    ["ref"] = from,
    ["dependsOn"] = new JsonArray(
        [.. names.Where(name => locked.TryGetValue(name, out var entry) && (string)entry["type"]! != "Project")
            .Select(Purl).Distinct().Order(StringComparer.Ordinal).Select(purl => JsonValue.Create(purl))]),
};

string Purl(string name)
{
    var package = packages.Single(package => package.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    return $"pkg:nuget/{package.Key}@{package.Value["resolved"]}";
}

IEnumerable<string> Names(JsonObject package) => package["dependencies"]?.AsObject().Select(dependency => dependency.Key) ?? [];

string Licence(string name, string version)
{
    if (licencesReadByHand.TryGetValue($"{name}/{version}", out var licence))
        return licence;
    var folder = name.ToLowerInvariant();
    var nuspec = XDocument.Load(Path.Combine(cache, folder, version, $"{folder}.nuspec"));
    var named = nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
    return (string?)named?.Attribute("type") == "expression" ? named!.Value
        : throw new InvalidOperationException($"{name} {version} names no SPDX licence. Read what it says, and add it here.");
}
