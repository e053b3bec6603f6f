using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using UserCqrs.Web.Http;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Hosting;

/// <summary>Connection, size, time and rate limits.</summary>
internal static class DependencyInjection
{
    public static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<IConnectionListenerFactory, BoundedListeners>(); // Kestrel tries the last one first
        services.AddSingleton<UnreadResponses>();
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitsOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new()
            {
                Timeout = TimeSpan.FromSeconds(limits.Value.RequestSeconds),
                WriteTimeoutResponse = context =>
                {
                    if (!HttpProtocol.IsHttp2(context.Request.Protocol)) // its connection continues with other requests
                        context.Response.Headers.Connection = "close"; // RFC 9110 §15.5.9
                    return new Problem(ProblemType.RequestTimeout).ExecuteAsync(context);
                },
            });
    }
}
