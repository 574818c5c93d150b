using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Web;
using Enclave.Cli.Terminals;
using ModelContextProtocol.Authentication;

namespace Enclave.Cli.Mcp;

/// <summary>Has a person sign in to a server with a browser, which comes back to this machine (RFC 8252, section 7.3).</summary>
internal sealed class BrowserSignIn(string server, Terminal terminal)
{
    /// <summary>Requests of other programs that are answered before the sign-in fails.</summary>
    private const int MaxStrays = 1_000;

    /// <summary>The address that the browser comes back to. Its port was free when this process started.</summary>
    public Uri RedirectAddress { get; } = new($"http://127.0.0.1:{FreePort()}/callback");

    /// <summary>Prints the address to open, and waits until the browser comes back. Returns null if the person or the server refuses.</summary>
    public async Task<AuthorizationResult?> AskAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        string? state = HttpUtility.ParseQueryString(context.AuthorizationUri.Query)["state"];
        using var listener = new HttpListener();
        listener.Prefixes.Add(RedirectAddress.GetLeftPart(UriPartial.Authority) + "/");
        listener.Start();
        terminal.Error.WriteLine($"enclave: {server} asks for a sign-in. Open in a browser: {context.AuthorizationUri.AbsoluteUri}");
        for (int stray = 0; stray < MaxStrays; stray++)
        {
            HttpListenerContext visit = await listener.GetContextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var query = visit.Request.QueryString;
            // Any page can send a browser here; only the server of this sign-in knows its state.
            if (visit.Request.Url?.AbsolutePath != RedirectAddress.AbsolutePath || query["state"] != state)
            {
                await AnswerAsync(visit, HttpStatusCode.NotFound, "This is not the sign-in that enclave waits for.").ConfigureAwait(false);
                continue;
            }

            bool isGranted = !string.IsNullOrEmpty(query["code"]);
            await AnswerAsync(visit, HttpStatusCode.OK, isGranted ? "Signed in. This window can be closed." : "The sign-in was refused.").ConfigureAwait(false);
            terminal.Error.WriteLine(isGranted ? $"enclave: signed in to {server}" : $"enclave: {server} refused the sign-in");
            return isGranted ? new AuthorizationResult { Code = query["code"]!, State = query["state"], Iss = query["iss"] } : null;
        }

        return null;
    }

    private static async Task AnswerAsync(HttpListenerContext visit, HttpStatusCode status, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        visit.Response.StatusCode = (int)status;
        visit.Response.ContentType = "text/plain; charset=utf-8";
        visit.Response.ContentLength64 = body.Length;
        try
        {
            await visit.Response.OutputStream.WriteAsync(body).ConfigureAwait(false);
            visit.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The browser did not wait for the text. The answer it brought counts.
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
