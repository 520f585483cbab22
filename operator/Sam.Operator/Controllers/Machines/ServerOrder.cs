using Sam.Operator.Clients.Hetzner;
using Sam.Operator.Installation;
using Sam.Operator.UserData;
using Sam.Rules.Offers;

namespace Sam.Operator.Controllers.Machines;

/// <summary>Writes the order for a server: name and labels from the Machine's id, user data with the VM's own derived key and nothing else that is secret.</summary>
internal sealed class ServerOrder(InstallationIdentity installation, ServerLookup lookup, UserDataOptions userData)
{
    /// <summary>The order for one offer.</summary>
    public CreateServerRequest For(MachineContext context, Offer offer)
    {
        var key = installation.EngineKeys.For(context.Machine.Spec.MachineId);
        context.Machine.Status.EngineKey = key.Pin;
        return new CreateServerRequest
        {
            Name = context.ServerName,
            ServerType = offer.ServerType,
            Location = offer.Location,
            Image = context.Machine.Spec.Image,
            Labels = lookup.LabelsOf(context.Machine),
            UserData = UserDataRenderer.Render(
                userData.RequestFor(context.Machine.Spec.MachineId, key, installation.Operator.Authorities)
            ),
        };
    }
}
