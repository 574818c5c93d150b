using Enclave.Cli.Terminals;
using Spectre.Console;

namespace Enclave.Cli.Batch;

/// <summary>A progress bar on standard error.</summary>
internal static class BatchProgress
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows a bar while <paramref name="work"/> runs. Shows none if results go to the same screen, because the bar would break their lines.</summary>
    public static async Task WatchAsync(Terminal terminal, BatchLines lines, BatchTally tally, Func<Task> work)
    {
        if (!terminal.Error.IsTerminal || terminal.Output.IsTerminal)
        {
            await work().ConfigureAwait(false);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .StartAsync((context) => ShowAsync(context, lines, tally, work))
            .ConfigureAwait(false);
    }

    private static async Task ShowAsync(ProgressContext context, BatchLines lines, BatchTally tally, Func<Task> work)
    {
        // Show the bar before the work starts: the work may take long before its first wait.
        ProgressTask bar = context.AddTask(tally.ToString(), maxValue: 1);
        using var ticks = new PeriodicTimer(s_refresh);
        bar.IsIndeterminate = lines.Progress is null;
        Task working = Task.Run(work);
        while (!working.IsCompleted)
        {
            bar.Value = lines.Progress ?? 0;
            bar.Description = tally.ToString();
            await Task.WhenAny(working, ticks.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }

        await working.ConfigureAwait(false);
    }
}
