using System.Text.RegularExpressions;

namespace Sam.Operator.UserData;

/// <summary>Default deny: a value that is not plainly harmless never gets into a file that root reads.</summary>
internal static partial class UserDataValidator
{
    /// <summary>All that is wrong with a request.</summary>
    public static List<string> Validate(UserDataRequest request)
    {
        var errors = new List<string>();
        Check(Id().IsMatch(request.MachineId), "machineId must be 1 to 63 lower-case letters, digits or dashes");
        Check(IsPem(request.EngineKeyPem, "EC PRIVATE KEY", 1, 1), "engineKeyPem must be one PEM block EC PRIVATE KEY");
        Check(IsPem(request.EngineCertificatePem, "CERTIFICATE", 1, 1), "engineCertificatePem must be one PEM block CERTIFICATE");
        Check(
            IsPem(request.ClientAuthoritiesPem, "CERTIFICATE", 1, 2),
            "clientAuthoritiesPem must be one or two PEM blocks CERTIFICATE"
        );
        Check(request.SwapMiB is >= 0 and <= 65536, "swapMiB must be 0 to 65536");
        Check(request.SshAuthorizedKeys.Length <= 20, "sshAuthorizedKeys must be at most 20");
        for (var n = 0; n < request.SshAuthorizedKeys.Length; n++)
        {
            Check(
                SshKey().IsMatch(request.SshAuthorizedKeys[n]),
                $"sshAuthorizedKeys[{n}] must be one public key line without options"
            );
        }

        return errors;

        void Check(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }
    }

    private static bool IsPem(string text, string label, int least, int most)
    {
        var blocks = Pem().Matches(text);
        var covered = blocks.Sum(b => b.Length);
        return blocks.Count >= least
            && blocks.Count <= most
            && covered == text.Length
            && text.Length <= 16 * 1024
            && blocks.All(b => b.Groups["begin"].Value == label && b.Groups["end"].Value == label);
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

    [GeneratedRegex(
        "^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com) [A-Za-z0-9+/]{16,1400}={0,3}( [A-Za-z0-9@._+-]{1,100})?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SshKey();

    [GeneratedRegex(
        "\\G-----BEGIN (?<begin>[A-Z ]{1,30})-----\n([A-Za-z0-9+/=]{1,76}\n){1,200}-----END (?<end>[A-Z ]{1,30})-----\n?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Pem();
}
