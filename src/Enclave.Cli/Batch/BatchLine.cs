namespace Enclave.Cli.Batch;

/// <summary>One line of a batch, counted from 1.</summary>
internal readonly record struct BatchLine(long Number, string Text);
