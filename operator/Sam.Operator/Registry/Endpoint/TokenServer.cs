using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sam.Operator.Registry.Keys;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>
/// Listens for logins, apart from the operator's own port: it is reached by clients of registries. Its server logs nothing, since what a server
/// quotes of a bad request may be a password.
/// </summary>
internal sealed class TokenServer(
    TokenEndpoint endpoint,
    RegistryKeys keys,
    RegistryOptions options,
    ServingCertificate certificate,
    ILogger<TokenServer> logger
) : IHostedService, IAsyncDisposable
{
    private const long LargestBody = 64 * 1024;
    private WebApplication? _app;

    /// <summary>Where it listens; null while it does not.</summary>
    public Uri? Address { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Endpoint.Port is not { } port)
            return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, port));
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapMethods(
            "/token",
            ["GET", "POST"],
            async context => await (await endpoint.AnswerAsync(context)).ExecuteAsync(context)
        );
        _app.MapGet(
            "/keys/" + TrustMap.BundleFile,
            context => ShowAsync(context, ring => ring.Bundle(), "application/x-pem-file")
        );
        _app.MapGet("/keys/" + TrustMap.JwksFile, context => ShowAsync(context, ring => ring.Jwks(), "application/jwk-set+json"));
        await _app.StartAsync(cancellationToken);
        Address = new Uri(
            _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
        RegistryLog.Listening(logger, Address.ToString());
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task ShowAsync(HttpContext context, Func<KeyRing, string> form, string contentType)
    {
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(form(await keys.RingAsync(context.RequestAborted)), context.RequestAborted);
    }

    private void Configure(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxConcurrentConnections = 1000;
        kestrel.Listen(
            IPAddress.Parse(options.Endpoint.Address),
            port,
            listen =>
            {
                if (certificate.IsConfigured)
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current());
            }
        );
    }
}
