using System.Security.Cryptography;

namespace Sam.Rules.Credentials;

/// <summary>Reads a GitHub App: keys <c>appId</c> and <c>privateKey</c>, in any form that <see cref="GitHubAppKeyReader"/> takes.</summary>
internal static class GitHubAppReader
{
    private const string Id = "appId";
    private const string Key = "privateKey";

    public static CredentialReading Read(SecretContent secret)
    {
        foreach (var name in (string[])[Id, Key])
        {
            if (!secret.Data.ContainsKey(name))
                return CredentialReading.No(CredentialFault.SecretNotFound, $"Secret {secret.Name} has no key {name}");
        }

        var read = Id;
        try
        {
            var id = GitHubAppKeyReader.ReadId(CredentialReader.Text(secret.Data[Id]) ?? "");
            read = Key;
            using var rsa = RSA.Create(GitHubAppKeyReader.ReadKey(CredentialReader.Text(secret.Data[Key]) ?? ""));
            return new CredentialReading.Read(
                new Credential(CredentialForm.GitHubApp, rsa.ExportRSAPrivateKeyPem()) { AppId = id }
            );
        }
        catch (FormatException fault)
        {
            return CredentialReading.No(CredentialFault.SecretUnreadable, $"Secret {secret.Name}, key {read}: {fault.Message}");
        }
    }
}
