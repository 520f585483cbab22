using Sam.Operator.Registry.Endpoint;
using Sam.Operator.Registry.Keys;
using Sam.Operator.Registry.Logins;
using Sam.Operator.Registry.Tokens;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Registry;

/// <summary>The door of the room.</summary>
internal static class RegistryRegistration
{
    /// <summary>Adds the signer; and where a registry trusts it, the rotation of its keys and the token endpoint.</summary>
    public static IRuntimeBuilder AddRegistry(this IRuntimeBuilder runtime, RegistryOptions options)
    {
        var services = runtime.Services;
        services.AddSingleton(options);
        services.AddSingleton(new RegistryDirectory(options.Trusted));
        services.AddSingleton<KeySecret>();
        services.AddSingleton<RegistryKeys>();
        services.AddSingleton<MintAudit>();
        services.AddSingleton(provider => new MintLimiter(
            options.MintsPerWindow,
            options.MintWindow,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<IRegistryTokens, RegistryTokens>();
        services.AddSingleton<IRegistryLogins, RegistryLoginSigner>();
        if (options.Trusted.Length == 0)
            return runtime; // nobody would read the keys, so none are made
        services.AddSingleton<TrustMap>();
        services.AddHostedService<KeyKeeper>();
        if (options.Endpoint.Port is null)
            return runtime;
        services.AddSingleton<IPullSecretEntries, PullSecretEntries>();
        services.AddSingleton<ServiceAccountLogins>();
        services.AddSingleton<AccessReviews>();
        services.AddSingleton<LoginProof>();
        services.AddSingleton<GrantDecision>();
        services.AddSingleton<ServingCertificate>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<TokenServer>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenServer>());
        return runtime;
    }
}
