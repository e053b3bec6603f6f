using System.Text.Json.Nodes;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>A response as far as the contract fixes it.</summary>
internal sealed record Expected(int Status)
{
    /// <summary>The last part of the problem's type.</summary>
    public string? Slug { get; init; }

    public string? ETag { get; init; }

    public string? Location { get; init; }

    public string? ContentLocation { get; init; }

    public bool HasLink { get; init; }

    /// <summary>The body; <c>null</c> where its words are free.</summary>
    public JsonNode? Body { get; init; }

    public static Expected Problem(int status, string slug) => new(status) { Slug = slug };

    public static Expected Classic(int status, string detail) => new(status) { Body = new JsonObject { ["detail"] = detail } };

    public override string ToString() => $"{Status} {Slug}{ETag} {Location} {ContentLocation} {Body?.ToJsonString()}";
}
