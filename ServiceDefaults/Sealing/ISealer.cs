namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>Encrypts what is secret at rest: AES-256-GCM (NIST SP 800-38D) under the key ring of the service.</summary>
public interface ISealer
{
    /// <summary>Seals under the active key. Two seals of one value differ.</summary>
    byte[] Seal(SealedPlace place, ReadOnlySpan<byte> plain);

    /// <summary>Opens under whichever key of the ring the value names.</summary>
    Opened Open(SealedPlace place, ReadOnlySpan<byte> value);
}
