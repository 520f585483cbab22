using Sam.Operator.Hosting;
using Sam.Rules.Policy;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Policy;

/// <summary>The door of the room.</summary>
internal static class PolicyRegistration
{
    /// <summary>Adds the platform policy: the one in the file, if there is a file.</summary>
    public static IRuntimeBuilder AddPolicy(this IRuntimeBuilder runtime, OperatorOptions options)
    {
        if (options.PolicyFile is not { } path)
        {
            runtime.Services.AddSingleton<IPlatformPolicies>(new FixedPolicy(PlatformPolicy.Default));
            return runtime;
        }

        runtime.Services.AddSingleton<PolicyMetrics>();
        runtime.Services.AddSingleton(provider => new PolicyFile(
            path,
            provider.GetRequiredService<PolicyMetrics>(),
            provider.GetRequiredService<ILogger<PolicyFile>>()
        ));
        runtime.Services.AddSingleton<IPlatformPolicies>(provider => provider.GetRequiredService<PolicyFile>());
        runtime.Services.AddHostedService<PolicyWatch>();
        return runtime;
    }
}
