using System.Text;
using System.Text.Encodings.Web;
using FastEndpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /problems</c> and <c>GET /problems/{slug}</c>: pages that explain the problem types to people.</summary>
internal sealed class ProblemPagesEndpoint : EndpointWithoutRequest
{
    private static readonly CompositeFormat Page = CompositeFormat.Parse("""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{0}</title>
        <link rel="stylesheet" href="/problems/style.css"></head>
        <body><main><h1>{0}</h1>{1}</main></body>
        </html>
        """);

    private const string Style = """
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; }

        """;

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/problems", "/problems/{slug}");
        AllowAnonymous();
        RequestBinder(Binder.Nothing);
        Options(static route => route.ServesPages().Compresses().ExcludeFromDescription());
    }

    public override Task HandleAsync(CancellationToken ct)
    {
        IResult page = (string?)HttpContext.Request.RouteValues["slug"] switch
        {
            null => ShowAll(),
            "style.css" => TypedResults.Content(Style, "text/css; charset=utf-8"),
            var slug when ProblemType.All.FirstOrDefault(type => type.Slug == slug) is { } type => Show(type),
            _ => new Problem(ProblemType.NoSuchRoute),
        };
        return page.ExecuteAsync(HttpContext);
    }

    private static ContentHttpResult ShowAll()
    {
        var types = ProblemType.All.Select(type => $"<p><a href=\"{type.Uri}\">{type.Status} {Encode(type.Title)}</a></p>");
        var codes = ErrorCodes.All.Select(code => $"<dt><code>{code.Key}</code></dt><dd>{Encode(code.Value)}</dd>");
        return Show("Problems", $"{string.Concat(types)}<h2>Codes of errors</h2><dl>{string.Concat(codes)}</dl>");
    }

    private static ContentHttpResult Show(ProblemType type) => Show(
        $"{type.Status} {type.Title}", $"<p>{Encode(type.Meaning)}</p><p><a href=\"/problems\">All problems</a></p>");

    private static ContentHttpResult Show(string title, string html) =>
        TypedResults.Content(string.Format(null, Page, Encode(title), html), "text/html; charset=utf-8");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
