namespace KafkaBroker.Storage;

/// <summary>Holds a data folder for one broker. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="BrokerStartException">Another broker has the folder.</exception>
    public FolderLock(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            _file = new(
                Path.Combine(folder, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException inUse)
        {
            throw new BrokerStartException(
                $"The data folder {folder} is in use by another broker: {inUse.Message}",
                inUse
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
