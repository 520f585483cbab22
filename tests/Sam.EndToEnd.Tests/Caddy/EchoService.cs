using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sam.EndToEnd.Tests.Docker;

namespace Sam.EndToEnd.Tests.Caddy;

/// <summary>A service behind Caddy, in Caddy's network namespace: tells what it was asked, and echoes over a WebSocket.</summary>
internal sealed class EchoService(WebApplication app, Socket socket) : IAsyncDisposable
{
    public static async Task<EchoService> StartAsync(string networkNamespace, int port)
    {
        var socket = await new NetworkNamespaceDialer(networkNamespace).ListenAsync(new IPEndPoint(IPAddress.Loopback, port));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(options => options.ListenHandle((ulong)socket.Handle));
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new EchoService(app, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        socket.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await EchoAsync(await context.WebSockets.AcceptWebSocketAsync(), context.RequestAborted);
            return;
        }

        context.Response.Headers["X-Powered-By"] = "echo";
        context.Response.Headers["X-Kind"] = "plain";
        context.Response.ContentType = "text/plain";
        var text = new StringBuilder($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n");
        foreach (var (name, value) in context.Request.Headers)
            text.Append($"{name}: {value}\n");
        // Long enough to be worth compressing.
        await context.Response.WriteAsync(text.Append('.', 4096).ToString());
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (
            await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken)
                is { MessageType: not WebSocketMessageType.Close } part
        )
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, cancellationToken);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }
}
