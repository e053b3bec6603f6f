namespace UserCqrs.ArchitectureTests.Canaries;

internal static class AsyncVoidMethod
{
    public static async void Run() => await Task.Yield();
}

internal static class AsyncVoidLambda
{
    public static readonly Action Run = async () => await Task.Yield();
}

internal static class Sleeps
{
    public static void Run() => Thread.Sleep(1);
}

internal static class Waits
{
    public static void Run(Task task) => task.Wait();
}

internal static class TakesResult
{
    public static async Task<int> RunAsync(Task<int> task)
    {
        await Task.Yield();
        return task.Result;
    }
}

internal static class TakesResultOfAwaiter
{
    public static void Run(Task task) => task.GetAwaiter().GetResult();
}

internal static class TakesResultOfAwaiterInAsyncMethod
{
    public static async Task RunAsync(ValueTask<int> task)
    {
        await Task.Yield();
        task.AsTask().GetAwaiter().GetResult();
    }
}
