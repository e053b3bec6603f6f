using System.Runtime.CompilerServices;
using Mono.Cecil;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class ThreadTests
{
    private static readonly string[] Blocking =
    [
        "System.Threading.Thread.Sleep",
        "System.Threading.Tasks.Task.Wait",
        "System.Threading.Tasks.Task.WaitAll",
        "System.Threading.Tasks.Task.WaitAny",
        "System.Threading.Tasks.Task`1.get_Result",
        "System.Threading.Tasks.ValueTask`1.get_Result",
    ];

    private static readonly Rule NoAsyncVoid = new(
        _ => true, type => Il.MethodsOf(type).Where(IsAsyncVoid).Select(method => $"{Il.NameOf(method)} is async void"));

    private static readonly Rule NoBlocking = new(_ => true, type => Il.MethodsOf(type).SelectMany(BlockingCalls));

    [Fact]
    public void Nothing_is_async_void() => NoAsyncVoid.HoldsIn(Solution.All);

    [Fact]
    public void Methods_and_lambdas_that_are_async_void_are_found() =>
        NoAsyncVoid.Catches(typeof(AsyncVoidMethod), typeof(AsyncVoidLambda));

    [Fact]
    public void Nothing_blocks_its_thread_to_wait() => NoBlocking.HoldsIn(Solution.All);

    [Fact]
    public void Methods_that_block_their_thread_are_found() => NoBlocking.Catches(
        typeof(Sleeps),
        typeof(Waits),
        typeof(TakesResult),
        typeof(TakesResultOfAwaiter),
        typeof(TakesResultOfAwaiterInAsyncMethod));

    private static bool IsAsyncVoid(MethodDefinition method) =>
        method.ReturnType.FullName == typeof(void).FullName
        && method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(AsyncStateMachineAttribute));

    private static IEnumerable<string> BlockingCalls(MethodDefinition method)
    {
        var calls = method.Calls().Select(Il.NameOf).ToList();
        foreach (var call in calls.Where(Blocking.Contains))
            yield return $"{Il.NameOf(method)} calls {call}";

        // Before it takes the result, an await calls get_IsCompleted of its awaiter; blocking code does not.
        // The compiler makes an async entry point block.
        if (method != method.Module.EntryPoint
            && calls.Count(IsAwaiters("GetResult")) > calls.Count(IsAwaiters("get_IsCompleted")))
            yield return $"{Il.NameOf(method)} takes the result of an awaiter";
    }

    private static Func<string, bool> IsAwaiters(string member) => name =>
        name.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal)
        && name.Contains("Awaiter", StringComparison.Ordinal) && name.EndsWith($".{member}", StringComparison.Ordinal);
}
