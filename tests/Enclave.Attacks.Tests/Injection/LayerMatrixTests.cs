using System.Text;
using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>No attack is stopped by one layer alone: with any layer removed, every attack still meets another.</summary>
[Collection(Jail.Collection)]
public sealed class LayerMatrixTests
{
    private const string Regenerate = "ENCLAVE_WRITE_ISOLATION_MATRIX";

    private static string Document { get; } = Path.Combine(Repository.Root, "docs", "isolation-matrix.md");

    [Fact]
    public async Task Whichever_layer_is_off_another_one_stops_each_attack()
    {
        IsolationPlan plan = Jail.Plan(SecurityLevel.Strict, Jail.Bubblewrap);
        LayerMatrix twice = await LayerMatrix.WithoutEach(plan, AttackTable.HeldTwice);
        bool regenerate = Environment.GetEnvironmentVariable(Regenerate) == "1";
        if (!TestSize.Full && !regenerate)
        {
            // Many attacks cost a worker each, so only the full run tests single layers, and pairs of missing layers.
            TestContext.Current.TestOutputHelper?.WriteLine(twice.ToMarkdown());
            Assert.Empty(twice.Holes);
            return;
        }

        LayerMatrix once = await LayerMatrix.WithoutEach(plan, AttackTable.HeldOnce);
        LayerMatrix rest = await LayerMatrix.WithoutFilterAndEach(plan, AttackTable.HeldTwice);
        string document = Text(twice, rest, once);
        TestContext.Current.TestOutputHelper?.WriteLine(document);
        Assert.Empty(twice.Holes);
        // Each of these has one layer, and that layer stops it.
        Assert.DoesNotContain(once.Holes, (hole) => hole.Column == LayerMatrix.Whole);
        Assert.Empty(AttackTable.HeldOnce.Except(once.Holes.Select((hole) => hole.Attack)));
        if (regenerate) await File.WriteAllTextAsync(Document, document);
        string[] missing = [.. LayerMatrix.KernelLayers.Where((layer) => !plan.Applies(layer)).Select((layer) => layer.ToString())];
        Assert.SkipWhen(missing.Length > 0, $"nothing got through; this machine has no {string.Join(", ", missing)}, so its table is not the document's");
        Assert.Equal(await File.ReadAllTextAsync(Document), document);
    }

    [Fact]
    public async Task The_same_without_bubblewrap()
    {
        IsolationPlan plan = Jail.Plan(SecurityLevel.Strict, Jail.Landlock);
        // With the filter most attacks cost a worker each.
        LayerMatrix jail =
            TestSize.Full ? await LayerMatrix.WithoutEach(plan, AttackTable.HeldTwice) : await LayerMatrix.WithoutFilter(plan, AttackTable.HeldTwice);
        TestContext.Current.TestOutputHelper?.WriteLine(jail.ToMarkdown());
        Assert.Empty(jail.Holes);
    }

    private static string Text(LayerMatrix twice, LayerMatrix rest, LayerMatrix once) => new StringBuilder()
        .Append("# Each layer off in turn\n\n")
        .Append("After this page you know what native code in a worker meets when one layer of isolation is missing, and when two are.\n\n")
        .Append("A root tester stops a worker at STRICT that waits for its next job, and makes it do what native code in it would do. Each entry is the " +
            "kernel's answer: an error, or\n")
        .Append("the signal that ended the process. **done** is what got through. In a process with nothing around it, run by root, all of them do. Columns, " +
            "and rows, with the same answers are one.\n\n")
        .Append("Without the file system layer there are no namespaces either, because bubblewrap makes both; without namespaces Landlock alone holds the " +
            "files.\n")
        .Append("`OwnProcess` and `HardenedProcess` are never off; the other layers of [levels.md](levels.md#isolation) stop scripts, not native code.\n\n")
        .Append("## Every attack meets a second layer\n\n").Append(twice.ToMarkdown()).Append('\n')
        .Append("## What is left without the filter of system calls and one more layer\n\n")
        .Append("With two layers off, Enclave promises nothing. Without limits a worker makes descriptors that lead to nothing outside it; without a user of " +
            "its own it is root in a\n")
        .Append("namespace where root holds no capability; without the jail's root it may execute a program of the machine, under all other layers; without\n")
        .Append("`NoExecutableMemory` it writes code.\n\n")
        .Append(rest.ToMarkdown()).Append('\n')
        .Append("## What one layer holds alone\n\n").Append(once.ToMarkdown()).Append('\n')
        .Append($"`{nameof(LayerMatrixTests)}` writes this page (`{Regenerate}=1 ./test.sh --only Attacks --method " +
            $"'*{nameof(Whichever_layer_is_off_another_one_stops_each_attack)}*'`), and fails when it is not so.\n")
        .ToString();
}
