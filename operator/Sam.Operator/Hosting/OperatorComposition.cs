using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Operator.Controllers.Machines;
using Sam.Operator.Controllers.Projects;
using Sam.Operator.Credentials;
using Sam.Operator.Credentials.Probes;
using Sam.Operator.Installation;
using Sam.Operator.Policy;
using Sam.Operator.Registry;
using Sam.Operator.Tokens;
using Sam.Runtime;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Hosting;

/// <summary>What the operator is made of; the same for the process and for tests that run it in theirs.</summary>
internal static class OperatorComposition
{
    /// <summary>Adds everything; a service that is registered later takes the place of the one from here.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="options">The operator's settings.</param>
    /// <param name="configure">Settings of the runtime beyond the operator's own.</param>
    public static IServiceCollection AddOperator(
        this IServiceCollection services,
        OperatorOptions options,
        Action<RuntimeOptions>? configure = null
    )
    {
        services.AddOutsideSystems(options);
        var runtime = services.AddKubernetesRuntime(settings =>
        {
            RuntimeSettings.Apply(settings, options);
            configure?.Invoke(settings);
        });
        var users = new CredentialUsers(new OperatorNamespace(options.Namespace));
        runtime.AddInstallation(options);
        runtime.AddPolicy(options);
        runtime.AddProbes(options);
        runtime.AddTokens(options);
        runtime.AddRegistry(options.Registry);
        runtime.AddProjects(users);
        runtime.AddMachines(options.Machines, options.Sweep, users);
        runtime.AddDeploymentNodes(users);
        runtime.AddComposeApps();
        return services;
    }

    /// <summary>Before any controller runs: every server carries the installation's id, every VM's key derives from its secret.</summary>
    public static Task LoadInstallationAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<InstallationSecret>().LoadAsync(cancellationToken);
}
