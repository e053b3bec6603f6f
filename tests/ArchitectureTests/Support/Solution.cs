using System.Reflection;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;

namespace UserCqrs.ArchitectureTests.Support;

internal static class Solution
{
    public static readonly Assembly Domain = typeof(User).Assembly;

    public static readonly Assembly Application = typeof(ReadContext).Assembly;

    public static readonly Assembly Infrastructure = typeof(DatabaseOptions).Assembly;

    // It has no public type.
    public static readonly Assembly Web = Assembly.Load("UserCqrs.Web");

    public static readonly Assembly[] All = [Domain, Application, Infrastructure, Web];

    // A small solution that breaks each rule once.
    public static readonly Assembly Canaries = typeof(Solution).Assembly;
}
