using Sam.Operator.Clients.Dns;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Installation;
using Sam.Operator.UserData;

namespace Sam.Operator.Hosting;

/// <summary>The systems that the operator talks to.</summary>
internal static class OutsideSystems
{
    /// <summary>Adds the provider and the engines.</summary>
    public static IServiceCollection AddOutsideSystems(this IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<HetznerMetrics>();
        services.AddSingleton<IHetznerClients>(provider => new HetznerClients(
            options.Hetzner with
            {
                Endpoint = options.HetznerEndpoint,
            },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<HetznerMetrics>()
        ));
        services.AddSingleton<IDnsResolver>(_ => new DnsClientResolver());
        services.AddSingleton(new UserDataOptions());
        services.AddSingleton(new FirewallOptions { EngineSources = [.. options.EngineSources] });
        services.AddSingleton<IMachineLinks>(options.RecordOnly ? Recorded : provider => Real(provider, options.Engines));
        return services;
    }

    private static DockerMachineLinks Real(IServiceProvider provider, MachineLinkOptions limits)
    {
        var installation = provider.GetRequiredService<InstallationIdentity>();
        return new DockerMachineLinks(
            installation.EngineKeys,
            () => installation.Operator,
            limits,
            provider.GetRequiredService<TimeProvider>()
        );
    }

    private static RecordOnlyLinks Recorded(IServiceProvider provider) =>
        new RecordOnlyLinks(provider.GetRequiredService<TimeProvider>(), RecordedCaddy.Script());
}
