"""What has changed in the data between two versions that git keeps."""
