using Sam.Operator.Credentials;
using Sam.Operator.Hosting;
using Sam.Runtime.Hosting;

namespace Sam.Operator.Installation;

/// <summary>The door of the room.</summary>
internal static class InstallationRegistration
{
    /// <summary>Adds the installation's identity and the credentials.</summary>
    public static IRuntimeBuilder AddInstallation(this IRuntimeBuilder runtime, OperatorOptions options)
    {
        runtime.Services.AddSingleton(new OperatorNamespace(options.Namespace));
        runtime.Services.AddSingleton<RandomIds>();
        runtime.Services.AddSingleton<InstallationIdentity>();
        runtime.Services.AddSingleton<InstallationSecret>();
        runtime.Services.AddSingleton<CredentialCopies>();
        runtime.Services.AddSingleton<CredentialSources>();
        runtime.Services.AddSingleton<ProviderTokens>();
        return runtime;
    }
}
