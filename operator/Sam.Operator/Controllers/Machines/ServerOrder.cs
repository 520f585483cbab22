using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Controllers.Machines.Supplies;
using Sam.Operator.Installation;
using Sam.Operator.UserData;
using Sam.Rules.Offers;

namespace Sam.Operator.Controllers.Machines;

/// <summary>Writes the order for a server: name and labels from the Machine's id, user data with the VM's own derived key and nothing else that is secret.</summary>
internal sealed class ServerOrder(
    InstallationIdentity installation,
    ServerLookup lookup,
    UserDataOptions userData,
    IMachineLinks links
)
{
    /// <summary>The order for one offer, with what the account has for it.</summary>
    public CreateServerRequest For(MachineContext context, Offer offer, Supply supply)
    {
        var key = installation.EngineKeys.For(context.Machine.Spec.MachineId);
        context.Machine.Status.EngineKey = key.Pin;
        links.Expect(context.Machine.Spec.MachineId);
        return new CreateServerRequest
        {
            Name = context.ServerName,
            ServerType = offer.ServerType,
            Location = offer.Location,
            Image = context.Machine.Spec.Image,
            Labels = lookup.LabelsOf(context.Machine),
            SshKeys = [supply.SshKey],
            Firewalls = [supply.Firewall],
            Networks = supply.Network is { } network ? [network] : [],
            PrimaryIPv4 = context.Machine.Spec.PrimaryIPv4Id,
            UserData = UserDataRenderer.Render(
                userData.RequestFor(context.Machine.Spec.MachineId, key, installation.Operator.Authorities) with
                {
                    SshAuthorizedKeys = [.. context.Machine.Spec.SshKeys ?? []],
                    MountsVolumes = context.Machine.Spec is { Volumes.Count: > 0 } or { TakesOverFrom: not null },
                }
            ),
        };
    }
}
