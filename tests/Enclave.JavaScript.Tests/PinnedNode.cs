using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests;

/// <summary>The engine's own node: the second opinion about the language.</summary>
internal static class PinnedNode
{
    private static readonly string s_path = Path.Combine(Repository.Root, "artifacts", "engine", "node");

    // A million comparisons in a full run take a minute on a quiet machine.
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(15);

    /// <summary>Runs a script with a text as its input, and returns its output.</summary>
    public static async Task<string> Run(string script, string input)
    {
        if (!File.Exists(s_path)) Assert.Skip($"{s_path} is not there: eng/setup.sh installs it");
        var start = new ProcessStartInfo(s_path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add($"const input = require('fs').readFileSync(0, 'utf8'); {script}");
        using Process node = Process.Start(start)!;
        try
        {
            // On its own thread: other tests may block the whole thread pool for minutes.
            return await Within.Deadline(Task.Factory.StartNew(
                () => Talk(node, input), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), "answer from node", s_deadline);
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    /// <summary>The script reads all of its input before it prints.</summary>
    private static string Talk(Process node, string input)
    {
        node.StandardInput.Write(input);
        node.StandardInput.Close();
        string printed = node.StandardOutput.ReadToEnd();
        string errors = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors);
        return printed;
    }
}
