namespace Enclave.Tools;

/// <summary>The application's code behind a registered tool.</summary>
/// <param name="arguments">An instance of the tool's arguments type.</param>
/// <param name="context">The calling run.</param>
/// <param name="cancellationToken">Cancelled when the run has ended or the tool's time is over.</param>
internal delegate Task<object?> ToolBody(object? arguments, ToolContext context, CancellationToken cancellationToken);
