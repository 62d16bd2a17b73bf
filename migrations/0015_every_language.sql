-- A template without languages is held in whatever there is a pack for. The one that came with viva, where
-- nobody has changed it, is such a one, so that a further pack is spoken at once.

UPDATE templates SET languages = '[]'
WHERE is_default AND updated_at = created_at AND languages = '["ko", "en"]';
