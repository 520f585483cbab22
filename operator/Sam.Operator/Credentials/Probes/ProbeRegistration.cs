using Sam.Operator.Hosting;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Credentials.Probes;

/// <summary>The door of the room.</summary>
internal static class ProbeRegistration
{
    /// <summary>Name of the handler that carries calls to model providers; tests put theirs in its place.</summary>
    public const string Handler = "models";

    /// <summary>Adds the probes.</summary>
    public static IRuntimeBuilder AddProbes(this IRuntimeBuilder runtime, OperatorOptions options)
    {
        runtime.Services.AddSingleton(options.Models);
        runtime.Services.AddKeyedSingleton<HttpMessageHandler>(
            Handler,
            (_, _) =>
                new SocketsHttpHandler
                {
                    PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                    ConnectTimeout = TimeSpan.FromSeconds(10),
                    // A redirect would carry the key to wherever it points.
                    AllowAutoRedirect = false,
                    UseCookies = false,
                }
        );
        runtime.Services.AddSingleton<ICredentialProbe, HetznerProbe>();
        runtime.Services.AddSingleton<ICredentialProbe, GitHubProbe>();
        runtime.Services.AddSingleton<ICredentialProbe>(provider => new ModelProbe(
            provider.GetRequiredService<ModelEndpoints>(),
            new HttpMessageInvoker(provider.GetRequiredKeyedService<HttpMessageHandler>(Handler), disposeHandler: false),
            provider.GetRequiredService<TimeProvider>()
        ));
        runtime.Services.AddSingleton<ProbeMemory>();
        return runtime;
    }
}
