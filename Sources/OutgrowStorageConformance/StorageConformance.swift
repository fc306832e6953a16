/// A first form.
public enum StorageConformance {}
