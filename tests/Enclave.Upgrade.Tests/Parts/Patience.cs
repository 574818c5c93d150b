namespace Enclave.Upgrade.Tests;

/// <summary>Waits for processes, far longer than expected, because many start on few cores.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    public static async Task<T> For<T>(Task<T> task, Func<string> what)
    {
        await For((Task)task, what);
        return await task;
    }

    public static async Task For(Task task, Func<string> what)
    {
        if (await Task.WhenAny(task, Task.Delay(s_deadline)) != task) Assert.Fail($"after {s_deadline.TotalSeconds} s there was not {what()}");
        await task;
    }

    /// <summary>Polls a condition that no event signals.</summary>
    public static async Task Until(Func<Task<bool>> condition, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"after {s_deadline.TotalSeconds} s it was not so that {what()}");
            await Task.Delay(20);
        }
    }
}
