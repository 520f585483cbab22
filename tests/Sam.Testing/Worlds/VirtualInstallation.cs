using System.Text;
using k8s.Models;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Installation;

namespace Sam.Testing.Worlds;

/// <summary>The installation that every virtual world shares: its certificates take longer to make than a run takes.</summary>
public static class VirtualInstallation
{
    /// <summary>Namespace of the operator.</summary>
    public const string Home = "sam-system";

    /// <summary>Its id.</summary>
    public const string Id = "0123456789abcdef";

    private static readonly Lazy<Dictionary<string, byte[]>> s_data = new(Make);

    /// <summary>Its Secret, older than a day.</summary>
    public static V1Secret Secret() =>
        new()
        {
            Type = "Opaque",
            Metadata = new V1ObjectMeta
            {
                Name = InstallationSecret.Name,
                NamespaceProperty = Home,
                CreationTimestamp = new DateTime(2025, 12, 1, 0, 0, 0, DateTimeKind.Utc),
            },
            Data = new Dictionary<string, byte[]>(s_data.Value, StringComparer.Ordinal),
        };

    private static Dictionary<string, byte[]> Make()
    {
        var pems = OperatorIdentity.Create(Id, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["id"] = Encoding.UTF8.GetBytes(Id),
            ["engineSecret"] = Encoding.UTF8.GetBytes(Convert.ToBase64String(new byte[32])),
            ["ca.crt"] = Encoding.UTF8.GetBytes(pems.AuthorityCertificate),
            ["ca.key"] = Encoding.UTF8.GetBytes(pems.AuthorityKey),
            ["client.crt"] = Encoding.UTF8.GetBytes(pems.ClientCertificate),
            ["client.key"] = Encoding.UTF8.GetBytes(pems.ClientKey),
        };
    }
}
