"""The part of the CMDB's API that is about relations, of models and of instances."""

from __future__ import absolute_import, division, print_function

import waterspout

_RELATION = "/object_relation/{relation_id}"
_SIDE = "/object/{object_id}/relation/{side}/"


class RelationAPI(waterspout.BaseSDK):
    """Relates models, and then their instances.

    ``side`` is the name under which an instance shows the ones it is related to.
    """

    def object_relation_api_create_relation(self, payload):
        # type: (Mapping) -> Future[Dict]
        """``payload`` has ``left_object_id``, ``left_id`` and the same with ``right_``; ``data`` is
        the relation."""
        return self.fetch_async("POST", "/object_relation", json=payload)

    def object_relation_api_get_relation(self, relation_id):
        # type: (str) -> Future[Dict]
        return self._relation("GET", relation_id)

    def object_relation_api_update_relation(self, relation_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        return self._relation("PUT", relation_id, json=payload)

    def object_relation_api_delete_relation(self, relation_id):
        # type: (str) -> Future[Dict]
        return self._relation("DELETE", relation_id)

    def instance_relation_api_set(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Relate each of the instances to these, and to no others; ``data`` is None."""
        return self._relate("set", object_id, side, instance_ids, related_instance_ids)

    def instance_relation_api_append(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Relate each of the instances to these as well; ``data`` is None."""
        return self._relate("append", object_id, side, instance_ids, related_instance_ids)

    def instance_relation_api_remove(self, object_id, side, instance_ids, related_instance_ids):
        # type: (str, str, Sequence[str], Sequence[str]) -> Future[Dict]
        """Relate none of the instances to these any more; ``data`` is None."""
        return self._relate("remove", object_id, side, instance_ids, related_instance_ids)

    def _relation(self, method, relation_id, **kwargs):
        return self.fetch_async(method, _RELATION, path={"relation_id": relation_id}, **kwargs)

    def _relate(self, operation, object_id, side, instance_ids, related_instance_ids):
        return self.fetch_async(
            "POST",
            _SIDE + operation,
            path={"object_id": object_id, "side": side},
            json={
                "instance_ids": list(instance_ids),
                "related_instance_ids": list(related_instance_ids),
            },
        )
